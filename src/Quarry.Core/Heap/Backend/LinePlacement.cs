using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Chooses the cache line at which a large block begins.</summary>
/// <remarks>
/// Blocks that all begin at multiples of 64 KiB compete for the same few sets of a cache, so that a program
/// that walks through several arrays at once, or reads the headers of many buffers, evicts its own data. So a
/// block may begin at any line of the first 4 KiB of its slices. The line is derived from the number of the
/// slice: it differs between neighbors, and needs no state.
/// </remarks>
internal readonly unsafe struct LinePlacement
{
    // A larger distance would not reach other sets of a cache of the first level: 64 sets of 64 bytes.
    private const int Log2Line = 6;
    private const nuint Range = 4096;

    // The number of slices, 1 MiB, from which on a block that fills its slices gets another one. For shorter
    // ones that would be more than a sixteenth.
    private const nuint SlicesToExtend = 16;

    private readonly uint _mask;

    /// <summary>Initializes a new instance for a block.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="usable">The usable size of the block, in bytes.</param>
    /// <param name="alignment">The alignment of the block, in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal LinePlacement(HeapBackend* backend, nuint usable, nuint alignment)
    {
        bool isFull = usable % Region.SliceSize == 0;
        if (backend->VariesLines && alignment < Range
            && (!isFull || usable >> Region.Log2Slice >= SlicesToExtend))
        {
            // The rest of the slices is at least one page of the system, as the usable size is a multiple of
            // one.
            uint step = alignment <= 1 << Log2Line ? 1 : (uint)alignment >> Log2Line;
            _mask = (uint)(Range >> Log2Line) - step;
            Room = isFull ? 1u : 0u;
        }
    }

    /// <summary>The number of bytes to add to the block, so that its slices have room.</summary>
    internal nuint Room { get; }

    /// <summary>Returns the number of lines before a block in its slices.</summary>
    internal ushort LineIn(nuint slice)
    {
        // Multiples of the golden ratio are spread evenly, whatever the distance of the slices.
        const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
        return (ushort)((uint)((slice * GoldenRatio) >> 58) & _mask);
    }

    /// <summary>Returns the number of bytes before a large block in its slices.</summary>
    internal static nuint BytesBefore(Page* page) => (nuint)page->Extended << Log2Line;
}
