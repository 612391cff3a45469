namespace Quarry;

/// <summary>Specifies which event is lost when a <see cref="TraceRing"/> is full.</summary>
public enum TraceOverflow
{
    /// <summary>The oldest event is overwritten: the ring holds the last events.</summary>
    OverwriteOldest,

    /// <summary>The new event is dropped until events are read: the ring holds the first events.</summary>
    DropNewest,
}
