namespace Quarry.Profiles;

/// <summary>Represents the statistics of a size class of the heap.</summary>
public sealed record RecordedSizeClass
{
    /// <summary>Gets the size of a block, in bytes; 0 for the class of all larger blocks.</summary>
    public long BlockSize { get; init; }

    /// <summary>Gets the number of blocks in use.</summary>
    public long InUseBlocks { get; init; }

    /// <summary>Gets the number of allocations since the start of the process.</summary>
    public long Allocations { get; init; }

    /// <summary>Gets the size of the pages of the class, in bytes.</summary>
    public long PageBytes { get; init; }
}
