using System;

namespace Quarry.Profiles;

/// <summary>Represents what one thread has allocated. Sizes are requested sizes, in bytes.</summary>
public sealed record RecordedThread
{
    /// <summary>Gets the thread ID, as the process sees it.</summary>
    public int ThreadId { get; init; }

    /// <summary>Gets the name of the thread.</summary>
    public string Name { get; init; } = "";

    /// <summary>Gets the size of all blocks that the thread has allocated.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the number of these blocks.</summary>
    public double Blocks { get; init; }

    /// <summary>Gets the size of all recorded blocks that the thread has freed.</summary>
    public long FreedBytes { get; init; }

    /// <summary>Gets the time of the first allocation, relative to the start.</summary>
    public TimeSpan FirstTime { get; init; }
}
