using System;

namespace Quarry.Profiles;

/// <summary>Represents the sum of all sites of a profile. Sizes are requested sizes, in bytes.</summary>
public sealed record RecordedTotals
{
    /// <summary>Gets the size of all recorded blocks.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the number of recorded blocks; an estimate in a sampled profile.</summary>
    public double Blocks { get; init; }

    /// <summary>Gets the size of the recorded blocks that are in use.</summary>
    public long LiveBytes { get; init; }

    /// <summary>Gets the number of the recorded blocks that are in use.</summary>
    public double LiveBlocks { get; init; }

    /// <summary>Gets the highest value of <see cref="LiveBytes"/>.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Gets the number of blocks in use at the peak.</summary>
    public double PeakBlocks { get; init; }

    /// <summary>Gets the time of the peak, relative to the start of the process.</summary>
    public TimeSpan PeakTime { get; init; }

    /// <summary>Gets the number of samples; in exact mode, that of the blocks.</summary>
    public long Samples { get; init; }
}
