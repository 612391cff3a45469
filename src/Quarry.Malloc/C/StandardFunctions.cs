using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The functions of the C standard, up to C23, and of POSIX.1-2024.</summary>
/// <remarks>
/// Each is called by an assembly stub with the C name, which passes the thread word as the last argument.
/// A function that succeeds leaves <c>errno</c> unchanged; one that fails sets it.
/// </remarks>
internal static unsafe class StandardFunctions
{
    [RuntimeExport("quarry_malloc")]
    internal static void* Malloc(nuint size, void* thread) => ProcessAllocator.Allocate(size, thread);

    [RuntimeExport("quarry_free")]
    internal static void Free(void* block, void* thread) => ProcessAllocator.Free(block, thread);

    /// <remarks>
    /// C23; also the sized delete operators of C++. The heap records the size of each block, and compares it
    /// with the given one in the modes that check blocks only.
    /// </remarks>
    [RuntimeExport("quarry_free_sized")]
    internal static void FreeSized(void* block, nuint size, void* thread) =>
        ProcessAllocator.FreeSized(block, size, FreeRequest.Unsaid, thread);

    [RuntimeExport("quarry_free_aligned_sized")]
    internal static void FreeAlignedSized(void* block, nuint alignment, nuint size, void* thread) =>
        ProcessAllocator.FreeSized(block, size, alignment, thread);

    [RuntimeExport("quarry_calloc")]
    internal static void* Calloc(nuint count, nuint size, void* thread) =>
        TryMultiply(count, size, out nuint total)
            ? ProcessAllocator.AllocateZeroed(total, thread)
            : ProcessAllocator.FailOverflow("calloc"u8, thread);

    /// <remarks>
    /// A size of 0 frees the block and returns null, as in glibc; C23 makes it undefined behavior. With the
    /// option <c>zero_realloc:alloc</c>, 0 is treated like any other size.
    /// </remarks>
    [RuntimeExport("quarry_realloc")]
    internal static void* Realloc(void* block, nuint size, void* thread)
    {
        return block != null && ProcessAllocator.Fits(block, size, thread)
            ? block
            : ReallocSlow(block, size, thread);
    }

    [RuntimeExport("quarry_reallocarray")]
    internal static void* ReallocArray(void* block, nuint count, nuint size, void* thread) =>
        TryMultiply(count, size, out nuint total)
            ? Realloc(block, total, thread)
            : ProcessAllocator.FailOverflow("reallocarray"u8, thread);

    /// <remarks>
    /// Returns the error number. When memory is exhausted, it also sets <c>errno</c>, as glibc does: POSIX
    /// permits this, and programs rely on it. A failing call leaves <c>*result</c> unchanged.
    /// </remarks>
    [RuntimeExport("quarry_posix_memalign")]
    internal static int PosixMemalign(void** result, nuint alignment, nuint size, void* thread)
    {
        if (!Layout.IsPowerOfTwo(alignment) || alignment < (nuint)sizeof(void*))
        {
            return Errno.InvalidArgument;
        }

        void* block = ProcessAllocator.AllocateAligned(size, alignment, thread);
        if (block == null)
        {
            return Errno.NoMemory;
        }

        *result = block;
        return 0;
    }

    /// <remarks>Since C17 the size need not be a multiple of the alignment.</remarks>
    [RuntimeExport("quarry_aligned_alloc")]
    internal static void* AlignedAlloc(nuint alignment, nuint size, void* thread) =>
        Layout.IsPowerOfTwo(alignment)
            ? ProcessAllocator.AllocateAligned(size, alignment, thread)
            : Errno.Fail(Errno.InvalidArgument);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* ReallocSlow(void* block, nuint size, void* thread)
    {
        // Some programs allocate by this function alone.
        return block == null ? ProcessAllocator.Allocate(size, thread)
            : size == 0 ? ReallocToNothing(block, thread)
            : ProcessAllocator.Reallocate(block, size, thread);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* ReallocToNothing(void* block, void* thread)
    {
        ZeroReallocs.Increment();
        if (ProcessAllocator.ZeroReallocAllocates)
        {
            return ProcessAllocator.Reallocate(block, 0, thread);
        }

        ProcessAllocator.Free(block, thread);
        return null;
    }

    private static bool TryMultiply(nuint count, nuint size, out nuint total)
    {
        total = count * size;

        // If both factors are less than 2^31, the product cannot overflow or exceed MaxSize, and no division
        // is needed.
        const nuint Half = (nuint)1 << 31;
        return ((count | size) < Half) || count == 0 || (total / count == size && total <= Layout.MaxSize);
    }
}
