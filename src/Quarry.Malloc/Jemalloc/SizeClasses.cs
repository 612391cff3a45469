namespace Quarry.Malloc;

/// <summary>The size classes of the heap in jemalloc's terms.</summary>
/// <remarks>
/// A bin is a class of small blocks, and its slab a page. Large blocks are multiples of the page size of the
/// system; the large classes are the steps that continue those of the bins, and each block counts in the
/// class of its size.
/// </remarks>
internal static class SizeClasses
{
    internal static int BinCount => SmallSizes<Geometry>.Count;

    // Up to the address space of a process, above which no block is.
    internal static int LargeCount => LargeSteps.Count;

    internal static nuint BinSize(nuint bin) => SmallSizes<Geometry>.SizeOf((int)bin);

    internal static nuint SlabSize(nuint bin) => SmallSizes<Geometry>.SlicesOf((int)bin) * Region.SliceSize;

    internal static nuint SlabBlocks(nuint bin) => SlabSize(bin) / BinSize(bin);

    internal static nuint LargeSize(nuint index) => Geometry.SizeOf((nuint)BinCount + index);
}
