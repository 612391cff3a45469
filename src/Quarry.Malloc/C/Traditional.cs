using System.Runtime;

namespace Quarry.Malloc;

/// <summary>Functions that are older than the standards, and still called.</summary>
internal static unsafe class Traditional
{
    /// <remarks>glibc rounds an alignment that is no power of two up to the next one.</remarks>
    [RuntimeExport("quarry_memalign")]
    internal static void* Memalign(nuint alignment, nuint size, void* thread)
    {
        nuint rounded = Block.MinSize;
        while (rounded < alignment && rounded <= Layout.MaxSize / 2)
        {
            rounded <<= 1;
        }

        return rounded < alignment
            ? Standard.Fail(Errno.InvalidArgument)
            : ProcessAllocator.AllocateAligned(size, rounded, thread);
    }

    [RuntimeExport("quarry_valloc")]
    internal static void* Valloc(nuint size, void* thread) =>
        ProcessAllocator.AllocateAligned(size, Os.PageSize, thread);

    /// <remarks>The size is rounded up to whole pages as well.</remarks>
    [RuntimeExport("quarry_pvalloc")]
    internal static void* Pvalloc(nuint size, void* thread)
    {
        nuint rounded = Layout.AlignUp(size, Os.PageSize);
        return rounded < size
            ? Standard.Fail(Errno.NoMemory)
            : ProcessAllocator.AllocateAligned(rounded, Os.PageSize, thread);
    }

    [RuntimeExport("quarry_malloc_usable_size")]
    internal static nuint UsableSize(void* block, void* thread) => ProcessAllocator.UsableSize(block, thread);
}
