namespace Quarry;

/// <summary>What a full <see cref="TraceRing"/> does with the next event.</summary>
public enum TraceOverflow
{
    /// <summary>It takes the place of the oldest: the ring holds what happened last.</summary>
    OverwriteOldest,

    /// <summary>It is dropped until events are read: the ring holds what happened first.</summary>
    DropNewest,
}
