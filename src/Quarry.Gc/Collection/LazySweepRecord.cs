namespace Quarry.Gc;

/// <summary>What a sweep outside a pause has taken.</summary>
internal struct LazySweepRecord
{
    /// <summary>The number of the collection after which it happened.</summary>
    public nuint Collection;

    public nuint Pieces;

    /// <summary>The time of all threads together, in nanoseconds.</summary>
    public ulong Time;

    /// <summary>The size of holes afterwards, without those returned to the system.</summary>
    public nuint Free;

    /// <summary>The committed memory afterwards, without what was returned to the system.</summary>
    public nuint Committed;
}
