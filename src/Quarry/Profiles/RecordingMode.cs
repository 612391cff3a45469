namespace Quarry.Profiles;

/// <summary>Specifies what a process records in its profile.</summary>
public enum RecordingMode
{
    /// <summary>Nothing; the process waits for a command.</summary>
    Off = 0,

    /// <summary>A random sample of the allocations; sizes and counts are estimates.</summary>
    Sampled = 1,

    /// <summary>Every allocation and every free.</summary>
    Exact = 2,
}
