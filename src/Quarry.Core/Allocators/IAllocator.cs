namespace Quarry;

/// <summary>A source of blocks of memory.</summary>
/// <remarks>
/// Implement it on a struct and pass the struct as a type argument: calls are then direct and inlined. A
/// copy of an allocator is an alias of it, so state that changes lives behind a pointer. The interface has
/// no default methods because calling one through a struct would box it; <see cref="AllocatorDefaults"/> has bodies for
/// the members that an allocator has nothing better for. No method throws. A block belongs to the caller
/// until it is deallocated by the allocator it came from.
/// </remarks>
public unsafe interface IAllocator
{
    /// <summary>
    /// What this allocator can do, known at compile time, so that code for what it cannot do vanishes.
    /// </summary>
    static abstract AllocatorTraits Traits { get; }

    /// <summary>
    /// Takes a block. Its contents are undefined. A size of 0 yields a unique block as well.
    /// </summary>
    /// <returns>
    /// A pointer to at least <c>layout.Size</c> bytes at the alignment, or null if it cannot be served.
    /// </returns>
    void* Allocate(Layout layout);

    /// <summary>
    /// Takes a block of zeros; cheaper than clearing one where the memory is known to be fresh.
    /// </summary>
    void* AllocateZeroed(Layout layout);

    /// <summary>
    /// Gives a block back. <paramref name="layout"/> is the one it was taken with. Null is harmless.
    /// </summary>
    void Deallocate(void* block, Layout layout);

    /// <summary>Changes the size of a block and keeps its contents up to the smaller of the sizes.</summary>
    /// <returns>
    /// The block, moved or not; or null, and then the old block is unchanged and still the caller's.
    /// </returns>
    void* Reallocate(void* block, Layout layout, nuint newSize);

    /// <summary>Changes the size of a block without moving it.</summary>
    /// <returns>False if that cannot be done; the block is then unchanged.</returns>
    bool TryResize(void* block, Layout layout, nuint newSize);

    /// <summary>The bytes that may be used in the block, at least the size it was taken with.</summary>
    nuint UsableSize(void* block, Layout layout);

    /// <summary>
    /// Whether a block, given by its address, is one of this allocator's; false where the traits deny the
    /// knowledge.
    /// </summary>
    bool Owns(void* block);

    /// <summary>
    /// Gives every block back at once; nobody may use one any more. Does nothing where the traits deny it.
    /// </summary>
    void DeallocateAll();
}
