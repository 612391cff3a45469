using System.Runtime;

namespace Quarry.Malloc;

/// <summary>jemalloc's functions with flags.</summary>
/// <remarks>
/// They leave the interpretation of invalid arguments open; here, such a call returns null or 0, or has no
/// effect. Every block has the usable size that <c>nallocx</c> returns for its size and flags.
/// </remarks>
internal static unsafe class AllocxFunctions
{
    /// <summary>Allocates a block; null if out of memory.</summary>
    [RuntimeExport("quarry_mallocx")]
    internal static void* Allocate(nuint size, int flags, ThreadHeap* thread)
    {
        AllocxFlags decoded = new(flags);
        if (!decoded.AreValid())
        {
            return null;
        }

        if (!decoded.Zeroes)
        {
            return Frontend.AllocateAligned(size, decoded.Alignment, thread);
        }

        // All usable bytes are zeroed, because a reallocation zeroes only those beyond them.
        void* block = Frontend.AllocateZeroed(size, decoded.Alignment, thread);
        if (block != null)
        {
            Memory.Clear((byte*)block + size, Frontend.UsableSizeFor(size, decoded.Alignment) - size);
        }

        return block;
    }

    /// <summary>Resizes a block, moving it if necessary; null leaves it as it is.</summary>
    [RuntimeExport("quarry_rallocx")]
    internal static void* Reallocate(void* block, nuint size, int flags, ThreadHeap* thread)
    {
        if (block == null)
        {
            return Allocate(size, flags, thread);
        }

        AllocxFlags decoded = new(flags);
        thread = ProcessHeap.Ensure(thread);
        if (thread == null || !decoded.AreValid())
        {
            return null;
        }

        nuint usable = Frontend.UsableSize(thread->Heap, block);
        void* resized = Frontend.ReallocateExact(block, size, decoded.Alignment, thread);
        if (resized != null && decoded.Zeroes)
        {
            ClearAfter(resized, usable, Frontend.UsableSize(thread->Heap, resized));
        }

        return resized;
    }

    /// <summary>Resizes a block in place, if possible, and returns its usable size.</summary>
    [RuntimeExport("quarry_xallocx")]
    internal static nuint ResizeInPlace(void* block, nuint size, nuint extra, int flags)
    {
        AllocxFlags decoded = new(flags);
        ThreadHeap* thread = block == null ? null : ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return 0;
        }

        nuint usable = Frontend.UsableSize(thread->Heap, block);
        bool aligned = ((nuint)block & (decoded.Alignment - 1)) == 0;
        if (usable == 0 || !aligned || size > Layout.MaxSize)
        {
            return usable;
        }

        nuint room = Layout.MaxSize - size;
        nuint resized = Frontend.ResizeInPlace(block, size, size + (extra < room ? extra : room), thread);
        if (decoded.Zeroes)
        {
            ClearAfter(block, usable, resized);
        }

        return resized;
    }

    /// <summary>Returns the usable size of a block; the flags have no meaning.</summary>
    [RuntimeExport("quarry_sallocx")]
    internal static nuint UsableSize(void* block, int flags, ThreadHeap* thread) =>
        HeapAllocator.UsableSize(block, thread);

    /// <remarks>
    /// The arena and the alignment have no meaning, and a cache that was never created is no reason to leak.
    /// </remarks>
    [RuntimeExport("quarry_dallocx")]
    internal static void Free(void* block, int flags, ThreadHeap* thread)
    {
        _ = new AllocxFlags(flags).AreValid();
        Frontend.Free(block, thread);
    }

    [RuntimeExport("quarry_sdallocx")]
    internal static void FreeSized(void* block, nuint size, int flags, ThreadHeap* thread) =>
        Free(block, flags, thread);

    /// <summary>
    /// Returns the usable size of the block that <c>mallocx</c> would return; 0 if it would fail.
    /// </summary>
    [RuntimeExport("quarry_nallocx")]
    internal static nuint SizeFor(nuint size, int flags) =>
        Frontend.UsableSizeFor(size, new AllocxFlags(flags).Alignment);

    private static void ClearAfter(void* block, nuint from, nuint to)
    {
        if (to > from)
        {
            Memory.Clear((byte*)block + from, to - from);
        }
    }
}
