namespace Quarry;

/// <summary>Allocates and frees blocks of memory.</summary>
/// <remarks>
/// <para>
/// Implement this interface on a struct, and pass the struct as a type argument: calls are then direct and
/// can be inlined. A copy of an allocator is an alias of it, so keep mutable state behind a pointer.
/// </para>
/// <para>
/// The interface has no default methods, because calling one on a struct would box it;
/// <see cref="AllocatorDefaults"/> provides implementations that need no knowledge of the allocator. No
/// method throws. A block belongs to the caller until it is freed by the allocator that it came from.
/// </para>
/// <para>
/// A member can be called by several threads at once only if <see cref="Traits"/> contain
/// <see cref="AllocatorTraits.ThreadSafe"/>.
/// </para>
/// </remarks>
public unsafe interface IAllocator
{
    /// <summary>
    /// Gets the capabilities of this allocator. The value is a compile-time constant, so code for missing
    /// capabilities is removed.
    /// </summary>
    static abstract AllocatorTraits Traits { get; }

    /// <summary>
    /// Allocates a block. Its contents are undefined. A request of size 0 also returns a unique block.
    /// </summary>
    /// <param name="layout">The size and alignment of the block.</param>
    /// <returns>
    /// A pointer to at least <c>layout.Size</c> bytes at the alignment, or null if the request fails.
    /// </returns>
    void* Allocate(Layout layout);

    /// <summary>Allocates a zeroed block. Memory that is known to be zero is not cleared again.</summary>
    /// <param name="layout">The size and alignment of the block.</param>
    /// <returns>
    /// A pointer to at least <c>layout.Size</c> bytes at the alignment, or null if the request fails.
    /// </returns>
    void* AllocateZeroed(Layout layout);

    /// <summary>Frees a block.</summary>
    /// <param name="block">The block. If null, the method does nothing.</param>
    /// <param name="layout">The layout that the block was allocated with, or last resized to.</param>
    void Deallocate(void* block, Layout layout);

    /// <summary>
    /// Changes the size of a block, moving it if necessary. The contents are preserved up to the smaller
    /// size.
    /// </summary>
    /// <param name="block">The block; null to allocate a new one.</param>
    /// <param name="layout">The layout that the block was allocated with, or last resized to.</param>
    /// <param name="newSize">The new size, in bytes. The alignment remains the same.</param>
    /// <returns>
    /// The block at its old or new address, or null if the request fails. The old block is then unchanged,
    /// and still belongs to the caller.
    /// </returns>
    void* Reallocate(void* block, Layout layout, nuint newSize);

    /// <summary>Tries to change the size of a block without moving it.</summary>
    /// <param name="block">The block.</param>
    /// <param name="layout">The layout that the block was allocated with, or last resized to.</param>
    /// <param name="newSize">The new size, in bytes.</param>
    /// <returns>
    /// <see langword="false"/> if the block cannot be resized in place; it is then unchanged.
    /// </returns>
    bool TryResize(void* block, Layout layout, nuint newSize);

    /// <summary>
    /// Returns the number of usable bytes in a block: at least the size it was allocated with.
    /// </summary>
    nuint UsableSize(void* block, Layout layout);

    /// <summary>
    /// Determines whether an address is the start of a block of this allocator. Always
    /// <see langword="false"/> without <see cref="AllocatorTraits.KnowsOwnership"/>.
    /// </summary>
    bool Owns(void* block);

    /// <summary>
    /// Frees all blocks at once. None of them may be used afterwards. Does nothing without
    /// <see cref="AllocatorTraits.DeallocatesAll"/>.
    /// </summary>
    void DeallocateAll();
}
