namespace Quarry;

/// <summary>What a <see cref="Tracked{TInner}"/> keeps.</summary>
internal struct TrackedState
{
    /// <summary>Whether events are told, which the fast paths look at.</summary>
    public nuint Enabled;

    /// <summary>The handle of a <see cref="TrackerSink"/>.</summary>
    public nint Sink;
}
