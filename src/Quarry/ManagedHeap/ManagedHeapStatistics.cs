namespace Quarry;

/// <summary>The figures of <see cref="ManagedHeap"/> at a moment, in bytes.</summary>
public readonly struct ManagedHeapStatistics
{
    /// <summary>Given to threads for objects; what they have not used yet is in it.</summary>
    public nuint AllocatedBytes { get; }

    /// <summary>Taken from the reservation: what was given to threads, and what was lost between.</summary>
    public nuint UsedBytes { get; }

    /// <summary>Made accessible: what the system may have to back.</summary>
    public nuint CommittedBytes { get; }

    /// <summary>Address space of the heap.</summary>
    public nuint ReservedBytes { get; }

    /// <summary>The most that may be used; 0 for no limit.</summary>
    public nuint LimitBytes { get; }
}
