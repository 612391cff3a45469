using System;

namespace Quarry.Profiles;

/// <summary>Represents a point of the timeline. Sizes are in bytes.</summary>
public sealed record RecordedPoint
{
    /// <summary>Gets the time, relative to the start.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Gets the size of the recorded blocks in use.</summary>
    public long LiveBytes { get; init; }

    /// <summary>Gets the size of all blocks recorded so far.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the size of all blocks in use, recorded or not.</summary>
    public long InUseBytes { get; init; }

    /// <summary>Gets the memory that the heap has committed.</summary>
    public long CommittedBytes { get; init; }

    /// <summary>Gets the resident memory of the process.</summary>
    public long ResidentBytes { get; init; }
}
