namespace Quarry;

/// <summary>Represents the blocks of one class of sizes.</summary>
public readonly struct SizeStatistics
{
    /// <summary>
    /// The largest size of the class, in bytes. It is a power of two, except for the last class; the sizes up
    /// to its half belong to the class below.
    /// </summary>
    public nuint MaxSize { get; init; }

    /// <summary>
    /// The number of blocks that were allocated with a size of the class, or resized to one.
    /// </summary>
    public long Allocations { get; init; }

    /// <summary>The number of blocks with a size of the class in use.</summary>
    public long CurrentBlocks { get; init; }
}
