using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The blocks of one size that a thread keeps for its next rents, the last one put first.</summary>
/// <remarks>
/// A <see cref="BlockShelf"/> for one thread, with the same quota and the same rule for idle blocks. Its
/// thread uses it, and others while they have claimed it: see <see cref="ThreadShelves"/>.
/// </remarks>
internal struct ThreadShelf
{
    /// <summary>The most blocks of one size: those a method rents at the same time.</summary>
    internal const int Depth = 4;

    private long _rents, _removed;
    private int _count, _quota, _fewest;
    private Blocks _blocks;

    internal readonly int Count => _count;

    internal readonly int Quota => _quota;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint TryTake(out int place)
    {
        int count = _count - 1;
        place = count;
        if (count < 0)
        {
            return 0;
        }

        _count = count;
        _fewest = Math.Min(_fewest, count);
        _rents++;
        return _blocks[count];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPut(nint block, out int place)
    {
        int count = _count;
        place = count;
        if (count >= _quota)
        {
            return false;
        }

        _blocks[count] = block;
        _count = count + 1;
        return true;
    }

    internal void Extend() => _quota++;

    /// <summary>Removes the blocks not needed since the last sweep, or all, and their quota.</summary>
    /// <returns>The number of blocks that the quota has become less by.</returns>
    internal int Remove(bool all, List<nint> removed)
    {
        int count = all ? _count : _fewest;
        int left = _count - count;
        removed.AddRange(((ReadOnlySpan<nint>)_blocks)[..count]);
        ((Span<nint>)_blocks)[count.._count].CopyTo(_blocks);

        // Blocks that are rented lose their part: who returns them may be another thread from now on.
        int released = _quota - left;
        _count = _quota = _fewest = left;
        _removed += count;
        return released;
    }

    /// <summary>Returns the statistics. Buffers that were rented elsewhere count as negative ones.</summary>
    internal readonly NativeMemoryPoolStatistics GetStatistics(nuint blockBytes)
    {
        // What was returned here, and not rented again, is kept or was removed.
        long rented = -_count - _removed;
        return new()
        {
            Rents = _rents,
            Hits = _rents,
            RentedBuffers = rented,
            RentedBytes = (nuint)rented * blockBytes,
            PooledBuffers = _count,
            PooledBytes = (nuint)_count * blockBytes,
        };
    }

    [InlineArray(Depth)]
    private struct Blocks
    {
        private nint _first;
    }
}
