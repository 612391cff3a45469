using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Enumerates the marked objects of a range in the order of their addresses.</summary>
/// <remarks>
/// The next object is found without the size of the previous one. Otherwise a sweep would wait for the memory
/// of each object before it could look for the next one. The memory ahead is prefetched, because the caller
/// reads the size of each object.
/// </remarks>
internal unsafe ref struct MarkedObjects
{
    // 2 KiB: far enough for a load from memory to arrive, where a few objects are marked in each word.
    private const nuint WordsAhead = 4;
    private const int CacheLine = 64;

    private readonly nuint _last;
    private readonly ulong _lastMask;
    private nuint _index;
    private ulong _bits;

    /// <summary>
    /// Creates the enumeration of the objects at or after one offset and below another, which is greater.
    /// </summary>
    internal MarkedObjects(nuint from, nuint end)
    {
        _index = from >> MarkBits.WordShift;
        _last = (end - 1) >> MarkBits.WordShift;
        _lastMask = ulong.MaxValue >> (63 - (int)(((end - 1) >> 3) & 63));
        _bits = Read() & (ulong.MaxValue << (int)(from >> 3));
    }

    /// <summary>Returns the offset of the next object; false after the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryNext(out nuint offset)
    {
        while (_bits == 0)
        {
            if (_index == _last)
            {
                offset = MarkBits.None;
                return false;
            }

            _index++;
            _bits = Read();
            if (_bits != 0)
            {
                PrefetchAhead();
            }
        }

        offset = (_index << MarkBits.WordShift) + ((nuint)BitOperations.TrailingZeroCount(_bits) << 3);
        _bits &= _bits - 1;
        return true;
    }

    /// <summary>Prefetches the objects of a later word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void PrefetchAhead()
    {
        byte* place = ManagedHeap.Start + ((_index + WordsAhead) << MarkBits.WordShift);
        for (int line = 0; line < 1 << MarkBits.WordShift; line += CacheLine)
        {
            Memory.Prefetch(place + line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Read() =>
        CollectorTables.Marks[_index] & (_index == _last ? _lastMask : ulong.MaxValue);
}
