namespace Quarry.Profiles;

/// <summary>Represents what a profile could not record.</summary>
public sealed record RecordedLosses
{
    /// <summary>
    /// Gets the number of allocations by signal handlers that interrupted the recording of another one.
    /// </summary>
    public long Nested { get; init; }

    /// <summary>Gets the number of allocations whose site found no room in the file.</summary>
    public long NoRoom { get; init; }

    /// <summary>Gets the number of stacks with more frames than are kept.</summary>
    public long Truncated { get; init; }

    /// <summary>Gets the number of stacks that do not reach the start of their thread.</summary>
    public long Incomplete { get; init; }
}
