using System;
using System.Threading;

namespace Quarry;

/// <summary>The blocks of one size that a pool keeps for later, the last one put first.</summary>
/// <remarks>
/// The fewest blocks that were there since the last sweep is the number of those that nobody needed, for the
/// others were taken and put back above them.
/// </remarks>
internal sealed class BlockShelf
{
    private readonly Lock _lock = new();
    private Entry[] _entries = [];
    private int _count;
    private int _fewest;
    private bool _closed;
    private long _rents, _hits, _returns;
    private nuint _rentedBytes;

    /// <summary>The bytes of a block, if all have the same size.</summary>
    internal nuint BlockBytes { get; init; }

    /// <summary>Takes a block; false if there is none.</summary>
    internal bool TryTake(out Entry entry)
    {
        lock (_lock)
        {
            entry = default;
            if (_count == 0)
            {
                return false;
            }

            ref Entry last = ref _entries[--_count];
            entry = last;
            last.Owner = null;
            _fewest = Math.Min(_fewest, _count);
            _hits++;
            CountRent(BlockBytes);
            return true;
        }
    }

    /// <summary>Counts a block that was rented without having been here.</summary>
    internal void Miss(nuint bytes)
    {
        lock (_lock)
        {
            CountRent(bytes);
        }
    }

    /// <summary>Counts a block that is rented no more, and keeps it if it may.</summary>
    /// <returns>False if the block goes elsewhere.</returns>
    internal bool Return(Entry entry, nuint bytes, bool keep)
    {
        lock (_lock)
        {
            _returns++;
            _rentedBytes -= bytes;
            if (!keep || _closed)
            {
                return false;
            }

            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(4, _count * 2));
            }

            _entries[_count++] = entry;
            return true;
        }
    }

    /// <summary>Removes the blocks that nobody needed since the last sweep.</summary>
    internal Entry[] Sweep()
    {
        lock (_lock)
        {
            Entry[] idle = RemoveOldest(_fewest);
            _fewest = _count;
            return idle;
        }
    }

    /// <summary>Removes all blocks.</summary>
    /// <param name="close">Whether to keep none from now on.</param>
    internal Entry[] Empty(bool close)
    {
        lock (_lock)
        {
            _closed |= close;
            _fewest = 0;
            return RemoveOldest(_count);
        }
    }

    internal NativeMemoryPoolStatistics GetStatistics()
    {
        lock (_lock)
        {
            return new NativeMemoryPoolStatistics
            {
                Rents = _rents,
                Hits = _hits,
                RentedBuffers = _rents - _returns,
                RentedBytes = _rentedBytes,
                PooledBuffers = _count,
                PooledBytes = (nuint)_count * BlockBytes,
            };
        }
    }

    private void CountRent(nuint bytes)
    {
        _rents++;
        _rentedBytes += bytes;
    }

    private Entry[] RemoveOldest(int count)
    {
        Entry[] oldest = _entries[..count];
        _entries.AsSpan(count, _count - count).CopyTo(_entries);
        _entries.AsSpan(_count - count, count).Clear();
        _count -= count;
        return oldest;
    }

    /// <param name="Block">Its address.</param>
    /// <param name="Owner">What owned it, if that is kept for its next user.</param>
    internal record struct Entry(nint Block, object? Owner);
}
