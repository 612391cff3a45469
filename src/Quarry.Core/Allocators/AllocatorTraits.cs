using System;

namespace Quarry;

/// <summary>Specifies the capabilities of an allocator beyond allocating.</summary>
/// <remarks>
/// A combination of allocators has the capabilities that it can derive from those of its parts. A test of a
/// trait is a constant, so the code that depends on it is compiled only if it can run.
/// </remarks>
[Flags]
public enum AllocatorTraits
{
    /// <summary>Allocates only.</summary>
    None = 0,

    /// <summary>Freed memory is reused during the lifetime of the allocator.</summary>
    Deallocates = 1 << 0,

    /// <summary>A block can grow or shrink in place.</summary>
    ResizesInPlace = 1 << 1,

    /// <summary><see cref="IAllocator.Owns"/> returns the correct result for any address.</summary>
    KnowsOwnership = 1 << 2,

    /// <summary>Several threads can call the allocator at once.</summary>
    ThreadSafe = 1 << 3,

    /// <summary>
    /// <see cref="IAllocator.UsableSize"/>, <see cref="IAllocator.Deallocate"/> and
    /// <see cref="IAllocator.Reallocate"/> need only the address of the block, and ignore the size in the
    /// layout. Only such an allocator can implement <c>free</c>.
    /// </summary>
    KnowsSize = 1 << 4,

    /// <summary><see cref="IAllocator.DeallocateAll"/> frees all blocks at once.</summary>
    DeallocatesAll = 1 << 5,
}
