using System;

namespace Quarry.Profiles;

/// <summary>
/// Represents what one call stack has allocated. Sizes are those that the program requested, in bytes, unless
/// a property states otherwise; figures of a sampled profile are estimates.
/// </summary>
public sealed record RecordedSite
{
    /// <summary>Gets the call stack.</summary>
    public required RecordedStack Stack { get; init; }

    /// <summary>Gets the size of all blocks.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the standard error of <see cref="Bytes"/>; 0 in exact mode.</summary>
    public double BytesError { get; init; }

    /// <summary>Gets the number of all blocks; a reallocation counts as one more.</summary>
    public double Blocks { get; init; }

    /// <summary>Gets the usable size of all blocks, to which the requested ones were rounded up.</summary>
    public long UsableBytes { get; init; }

    /// <summary>Gets the size of the blocks in use.</summary>
    public long LiveBytes { get; init; }

    /// <summary>Gets the standard error of <see cref="LiveBytes"/>; 0 in exact mode.</summary>
    public double LiveBytesError { get; init; }

    /// <summary>Gets the number of the blocks in use.</summary>
    public double LiveBlocks { get; init; }

    /// <summary>Gets the usable size of the blocks in use.</summary>
    public long LiveUsableBytes { get; init; }

    /// <summary>Gets the highest value of <see cref="LiveBytes"/>.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Gets the number of blocks in use at that moment.</summary>
    public double MaxBlocks { get; init; }

    /// <summary>Gets the value of <see cref="LiveBytes"/> at the peak of the process.</summary>
    public long AtPeakBytes { get; init; }

    /// <summary>Gets the value of <see cref="LiveBlocks"/> at the peak of the process.</summary>
    public double AtPeakBlocks { get; init; }

    /// <summary>Gets the sum of the lifetimes of the blocks that were freed.</summary>
    public TimeSpan Lifetimes { get; init; }

    /// <summary>
    /// Gets the sum of the times, relative to the start of the process, at which the blocks in use were
    /// allocated.
    /// </summary>
    public TimeSpan LiveTimes { get; init; }

    /// <summary>
    /// Gets the number of blocks that were freed before their thread allocated another one; recorded in exact
    /// mode only.
    /// </summary>
    public double TemporaryBlocks { get; init; }

    /// <summary>Gets the number of samples.</summary>
    public long Samples { get; init; }

    /// <summary>Gets the number of samples that are in use.</summary>
    public long LiveSamples { get; init; }

    /// <summary>Gets the size of the smallest block.</summary>
    public long MinSize { get; init; }

    /// <summary>Gets the size of the largest block.</summary>
    public long MaxSize { get; init; }

    /// <summary>Gets the time of the first allocation, relative to the start.</summary>
    public TimeSpan FirstTime { get; init; }

    /// <summary>Gets the time of the last allocation, relative to the start.</summary>
    public TimeSpan LastTime { get; init; }
}
