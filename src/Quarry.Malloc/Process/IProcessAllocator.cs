using System;

namespace Quarry.Malloc;

/// <summary>The allocator behind the C and C++ functions of an image.</summary>
/// <remarks>
/// The alias <c>ProcessAllocator</c> in the image's project names the implementing type. The last argument of
/// each member is the thread word, in the register into which the entry stub loaded it: an allocator with
/// thread-local memory needs no call to find it, and other allocators ignore it. Members may be called before
/// <c>main</c>, by any thread, and by the child of a fork. A member sets <c>errno</c> if it fails, and leaves
/// it unchanged otherwise.
/// </remarks>
internal unsafe interface IProcessAllocator
{
    /// <summary>
    /// Gets a value that indicates whether <c>realloc(p, 0)</c> returns a block instead of freeing
    /// <c>p</c>.
    /// </summary>
    static abstract bool ZeroReallocAllocates { get; }

    /// <summary>
    /// Allocates at least <paramref name="size"/> bytes, aligned to 16; null if out of memory.
    /// </summary>
    static abstract void* Allocate(nuint size, void* thread);

    /// <summary>
    /// Allocates as <see cref="Allocate"/> does if that takes no call; otherwise the slow path does.
    /// </summary>
    static abstract void* AllocateOr<TSlow>(nuint size, void* thread) where TSlow : struct, ISlowAllocation;

    /// <summary>
    /// Allocates a block whose address is a multiple of <paramref name="alignment"/>, a power of two.
    /// </summary>
    static abstract void* AllocateAligned(nuint size, nuint alignment, void* thread);

    /// <summary>Allocates at least <paramref name="size"/> zeroed bytes, aligned to 16.</summary>
    static abstract void* AllocateZeroed(nuint size, void* thread);

    /// <summary>Frees a block, given only its address. Null is ignored.</summary>
    static abstract void Free(void* block, void* thread);

    /// <summary>Frees a block whose size or alignment the caller passes.</summary>
    /// <param name="block">The block; null is ignored.</param>
    /// <param name="size">The number of bytes; <see cref="FreeRequest.Unsaid"/> if not passed.</param>
    /// <param name="alignment">The alignment; <see cref="FreeRequest.Unsaid"/> if not passed.</param>
    /// <param name="thread">The thread word.</param>
    static abstract void FreeSized(void* block, nuint size, nuint alignment, void* thread);

    /// <summary>
    /// Determines whether a block can be resized by doing nothing. If false, it may nevertheless be possible.
    /// </summary>
    /// <param name="block">The block, or null.</param>
    /// <param name="size">The new size, in bytes; 0 never fits.</param>
    /// <param name="thread">The thread word.</param>
    static abstract bool Fits(void* block, nuint size, void* thread);

    /// <summary>Changes the size of a block; allocates one if <paramref name="block"/> is null.</summary>
    static abstract void* Reallocate(void* block, nuint size, void* thread);

    /// <summary>Fails a request for a number of elements whose product with their size overflows.</summary>
    /// <param name="function">The name of the C function.</param>
    /// <param name="thread">The thread word.</param>
    /// <returns>Null.</returns>
    static abstract void* FailOverflow(ReadOnlySpan<byte> function, void* thread);

    /// <summary>Returns the number of usable bytes in a block; 0 for null.</summary>
    static abstract nuint UsableSize(void* block, void* thread);
}
