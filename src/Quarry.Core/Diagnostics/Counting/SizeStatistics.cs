namespace Quarry;

/// <summary>The blocks of one class of sizes.</summary>
public readonly struct SizeStatistics
{
    /// <summary>
    /// The largest size of the class in bytes, a power of two but for the last class; half of it belongs to
    /// the class below.
    /// </summary>
    public nuint MaxSize { get; init; }

    /// <summary>Blocks that came to a size of the class, by allocating or by reallocating.</summary>
    public long Allocations { get; init; }

    /// <summary>Blocks of such a size in use.</summary>
    public long CurrentBlocks { get; init; }
}
