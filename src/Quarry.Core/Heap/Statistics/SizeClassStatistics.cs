namespace Quarry;

/// <summary>The figures of one size class.</summary>
public struct SizeClassStatistics
{
    /// <summary>The size of its blocks, in bytes.</summary>
    public nuint BlockSize { get; internal set; }

    /// <summary>Blocks ever taken.</summary>
    public nuint Allocations { get; internal set; }

    /// <summary>Blocks in use.</summary>
    public nuint InUseBlocks { get; internal set; }

    /// <summary>Pages that hold its blocks.</summary>
    public nuint Pages { get; internal set; }
}
