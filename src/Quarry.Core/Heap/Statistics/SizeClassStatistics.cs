namespace Quarry;

/// <summary>Represents the statistics of one size class of a heap.</summary>
public struct SizeClassStatistics
{
    /// <summary>Gets the size of the blocks, in bytes.</summary>
    public nuint BlockSize { get; internal set; }

    /// <summary>Gets the number of blocks ever allocated.</summary>
    public nuint Allocations { get; internal set; }

    /// <summary>Gets the number of blocks in use.</summary>
    public nuint InUseBlocks { get; internal set; }

    /// <summary>Gets the number of pages that hold blocks of the class.</summary>
    public nuint Pages { get; internal set; }

    /// <summary>Adds the statistics of the same class of another heap.</summary>
    internal void Add(in SizeClassStatistics other)
    {
        BlockSize = other.BlockSize;
        Allocations += other.Allocations;
        InUseBlocks += other.InUseBlocks;
        Pages += other.Pages;
    }
}
