namespace Quarry;

/// <summary>Represents the statistics of one size class.</summary>
public readonly struct SizeStatistics
{
    /// <summary>
    /// Gets the largest size of the class, in bytes. It is a power of two, except for the last class; sizes
    /// up to half of it belong to smaller classes.
    /// </summary>
    public nuint MaxSize { get; init; }

    /// <summary>
    /// Gets the number of blocks that were allocated with, or resized to, a size of the class.
    /// </summary>
    public long Allocations { get; init; }

    /// <summary>Gets the number of blocks in use with a size of the class.</summary>
    public long CurrentBlocks { get; init; }
}
