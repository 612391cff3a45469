using System.Runtime;

namespace Quarry.Malloc;

/// <summary>Nonstandard and obsolete functions that are still in use.</summary>
internal static unsafe class LegacyFunctions
{
    private static nuint MaxAlignment => (nuint)1 << 63;

    /// <remarks>As in glibc, an alignment that is not a power of two is rounded up to the next one.</remarks>
    [RuntimeExport("quarry_memalign")]
    internal static void* Memalign(nuint alignment, nuint size, void* thread)
    {
        if (alignment > MaxAlignment)
        {
            return Errno.Fail(Errno.InvalidArgument);
        }

        nuint rounded = Block.MinSize;
        while (rounded < alignment)
        {
            rounded <<= 1;
        }

        return ProcessAllocator.AllocateAligned(size, rounded, thread);
    }

    [RuntimeExport("quarry_valloc")]
    internal static void* Valloc(nuint size, void* thread) =>
        ProcessAllocator.AllocateAligned(size, Os.PageSize, thread);

    /// <remarks>The size is also rounded up to a multiple of the page size.</remarks>
    [RuntimeExport("quarry_pvalloc")]
    internal static void* Pvalloc(nuint size, void* thread)
    {
        nuint rounded = Layout.AlignUp(size, Os.PageSize);
        return rounded < size
            ? Errno.Fail(Errno.NoMemory)
            : ProcessAllocator.AllocateAligned(rounded, Os.PageSize, thread);
    }

    [RuntimeExport("quarry_malloc_usable_size")]
    internal static nuint UsableSize(void* block, void* thread) => ProcessAllocator.UsableSize(block, thread);
}
