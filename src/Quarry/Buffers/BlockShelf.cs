using System;

namespace Quarry;

/// <summary>The blocks of one size that a pool keeps for later, the last one put first.</summary>
/// <remarks>
/// <para>
/// The fewest blocks that were there since the last sweep is the number of those that nobody needed, for the
/// others were taken and put back above them.
/// </para>
/// <para>
/// The pool's limit holds for all shelves. So that not every block changes a number that all threads share, a
/// shelf keeps its part of the limit, the quota, while blocks are rented: it is as large as the number of
/// blocks the shelf had at its peak, and shrinks when blocks leave the shelf for good, or when another shelf
/// needs it.
/// </para>
/// </remarks>
internal sealed class BlockShelf
{
    private YieldingLock _lock;
    private Entry[] _entries = [];
    private int _count;
    private int _quota;
    private int _fewest;
    private bool _closed;
    private long _rents, _hits, _returns;
    private nuint _rentedBytes;

    /// <summary>The bytes of a block, if all have the same size.</summary>
    internal nuint BlockBytes { get; init; }

    /// <summary>Takes a block; false if there is none.</summary>
    internal bool TryTake(out Entry entry)
    {
        entry = default;
        _lock.Enter();
        bool any = _count != 0;
        if (any)
        {
            ref Entry last = ref _entries[--_count];
            entry = last;
            last.Owner = null;
            _fewest = Math.Min(_fewest, _count);
            _hits++;
            CountRent(BlockBytes);
        }

        _lock.Exit();
        return any;
    }

    /// <summary>Counts a block that was rented without having been here.</summary>
    internal void Miss(nuint bytes)
    {
        _lock.Enter();
        CountRent(bytes);
        _lock.Exit();
    }

    /// <summary>Counts a block that is rented no more, and keeps it if the quota allows it.</summary>
    internal bool Return(Entry entry, nuint bytes)
    {
        _lock.Enter();
        _returns++;
        _rentedBytes -= bytes;
        bool keeps = _count < _quota && !_closed;
        if (keeps)
        {
            _entries[_count++] = entry;
        }

        _lock.Exit();
        return keeps;
    }

    /// <summary>Enlarges the quota by a block, and keeps this one; false if the shelf is closed.</summary>
    internal bool TryExtend(Entry entry)
    {
        _lock.Enter();
        try
        {
            if (_closed)
            {
                return false;
            }

            if (_quota == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(4, _quota * 2));
            }

            _quota++;
            _entries[_count++] = entry;
            return true;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Reduces the quota to the blocks that are here.</summary>
    /// <returns>The bytes that other shelves may use.</returns>
    internal nuint ReleaseQuota()
    {
        _lock.Enter();
        int unused = _quota - _count;
        _quota = _count;
        _lock.Exit();
        return (nuint)unused * BlockBytes;
    }

    /// <summary>Removes the blocks that were not needed since the last sweep, and their quota.</summary>
    internal Entry[] Sweep()
    {
        _lock.Enter();
        try
        {
            Entry[] idle = RemoveOldest(_fewest);
            _fewest = _count;
            return idle;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Removes all blocks, and their quota.</summary>
    /// <param name="close">Whether to keep none from now on.</param>
    internal Entry[] Empty(bool close)
    {
        _lock.Enter();
        try
        {
            _closed |= close;
            _fewest = 0;
            return RemoveOldest(_count);
        }
        finally
        {
            _lock.Exit();
        }
    }

    internal NativeMemoryPoolStatistics GetStatistics()
    {
        _lock.Enter();
        NativeMemoryPoolStatistics statistics = new()
        {
            Rents = _rents,
            Hits = _hits,
            RentedBuffers = _rents - _returns,
            RentedBytes = _rentedBytes,
            PooledBuffers = _count,
            PooledBytes = (nuint)_count * BlockBytes,
        };
        _lock.Exit();
        return statistics;
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
        _quota -= count;
        return oldest;
    }

    /// <param name="Block">Its address.</param>
    /// <param name="Owner">What owned it, if that is kept for its next user.</param>
    internal record struct Entry(nint Block, object? Owner);
}
