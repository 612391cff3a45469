using System;

namespace Quarry;

/// <summary>What an allocator can do beyond allocating.</summary>
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
}
