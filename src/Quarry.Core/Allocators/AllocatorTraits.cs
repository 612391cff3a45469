using System;

namespace Quarry;

/// <summary>What an allocator can do beyond allocating.</summary>
/// <remarks>
/// A combination of allocators has the traits that it can keep with those of its parts, and drops the code
/// for the others: the test of a trait is a constant.
/// </remarks>
[Flags]
public enum AllocatorTraits
{
    /// <summary>Only to allocate.</summary>
    None = 0,

    /// <summary>Memory given back is used again before the allocator itself ends.</summary>
    Deallocates = 1 << 0,

    /// <summary>A block may grow or shrink where it lies.</summary>
    ResizesInPlace = 1 << 1,

    /// <summary><see cref="IAllocator.Owns"/> gives a true answer.</summary>
    KnowsOwnership = 1 << 2,

    /// <summary>Several threads may use it at once.</summary>
    ThreadSafe = 1 << 3,

    /// <summary>
    /// <see cref="IAllocator.UsableSize"/>, <see cref="IAllocator.Deallocate"/> and
    /// <see cref="IAllocator.Reallocate"/> need nothing but the address of the block: the size in the layout
    /// is not looked at. Only such an allocator can stand behind <c>free</c>.
    /// </summary>
    KnowsSize = 1 << 4,

    /// <summary><see cref="IAllocator.DeallocateAll"/> gives every block back at once.</summary>
    DeallocatesAll = 1 << 5,
}
