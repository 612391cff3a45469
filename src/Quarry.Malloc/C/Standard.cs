using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The functions of the C standard, to C23, and of POSIX.1-2024.</summary>
/// <remarks>
/// Each is called by an assembly stub of its C name, which adds the thread's heap as last argument. None
/// changes <c>errno</c> unless it fails, and then as the standard wants it.
/// </remarks>
internal static unsafe class Standard
{
    private static nuint MaxSize => Layout.MaxSize;

    [RuntimeExport("quarry_malloc")]
    internal static void* Malloc(nuint size, void* thread) => ProcessAllocator.Allocate(size, thread);

    /// <remarks>
    /// C23's sized frees come here as well: the size says nothing that the page does not know.
    /// </remarks>
    [RuntimeExport("quarry_free")]
    internal static void Free(void* block, void* thread) => ProcessAllocator.Free(block, thread);

    [RuntimeExport("quarry_calloc")]
    internal static void* Calloc(nuint count, nuint size, void* thread) =>
        TryMultiply(count, size, out nuint total)
            ? ProcessAllocator.AllocateZeroed(total, thread)
            : Fail(Errno.NoMemory);

    /// <remarks>
    /// A size of 0 frees the block and yields null, as glibc has it; C23 leaves it undefined. The option
    /// <c>zero_realloc:alloc</c> makes it an ordinary size.
    /// </remarks>
    [RuntimeExport("quarry_realloc")]
    internal static void* Realloc(void* block, nuint size, void* thread)
    {
        if (size == 0 && block != null && !ProcessAllocator.ZeroReallocAllocates)
        {
            ProcessAllocator.Free(block, thread);
            return null;
        }

        return ProcessAllocator.Reallocate(block, size, thread);
    }

    [RuntimeExport("quarry_reallocarray")]
    internal static void* ReallocArray(void* block, nuint count, nuint size, void* thread) =>
        TryMultiply(count, size, out nuint total) ? Realloc(block, total, thread) : Fail(Errno.NoMemory);

    /// <remarks>
    /// It returns its error and touches neither <c>errno</c> nor, when it fails, the result.
    /// </remarks>
    [RuntimeExport("quarry_posix_memalign")]
    internal static int PosixMemalign(void** result, nuint alignment, nuint size, void* thread)
    {
        if (!Layout.IsPowerOfTwo(alignment) || alignment < (nuint)sizeof(void*))
        {
            return Errno.InvalidArgument;
        }

        int saved = Errno.Value;
        void* block = ProcessAllocator.AllocateAligned(size, alignment, thread);
        Errno.Value = saved;
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
            : Fail(Errno.InvalidArgument);

    internal static void* Fail(int error)
    {
        Errno.Value = error;
        return null;
    }

    private static bool TryMultiply(nuint count, nuint size, out nuint total)
    {
        total = count * size;

        // Where both factors have less than half the bits, the product cannot overflow, and no division is
        // needed.
        const nuint Half = (nuint)1 << 31;
        return ((count | size) < Half) || count == 0 || (total / count == size && total <= MaxSize);
    }
}
