namespace Quarry.Malloc;

/// <summary>What stands behind the C and C++ functions of an image.</summary>
/// <remarks>
/// The alias <c>ProcessAllocator</c> of the image's project names the type that implements it. Each member
/// gets the thread word as its last argument, in the register where the entry stub has put it: an allocator
/// with memory of a thread's own needs no call to find it, and one without ignores it. Members may be called
/// before <c>main</c>, by any thread, and by the child of a fork. They set <c>errno</c> when they fail, and
/// only then.
/// </remarks>
internal unsafe interface IProcessAllocator
{
    /// <summary>Whether <c>realloc(p, 0)</c> yields a block, and does not free the old one.</summary>
    static abstract bool ZeroReallocAllocates { get; }

    /// <summary>At least <paramref name="size"/> bytes, aligned to 16; null if there is no memory.</summary>
    static abstract void* Allocate(nuint size, void* thread);

    /// <summary>The same at a multiple of <paramref name="alignment"/>, a power of two.</summary>
    static abstract void* AllocateAligned(nuint size, nuint alignment, void* thread);

    /// <summary>At least <paramref name="size"/> zeros, aligned to 16.</summary>
    static abstract void* AllocateZeroed(nuint size, void* thread);

    /// <summary>Gives a block back, by its address alone. Null is harmless.</summary>
    static abstract void Free(void* block, void* thread);

    /// <summary>Changes the size of a block; takes a new one for null.</summary>
    static abstract void* Reallocate(void* block, nuint size, void* thread);

    /// <summary>Bytes that may be used in the block; 0 for null.</summary>
    static abstract nuint UsableSize(void* block, void* thread);
}
