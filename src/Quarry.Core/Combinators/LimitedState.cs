namespace Quarry;

/// <summary>What a <see cref="Limited{TInner}"/> keeps.</summary>
internal struct LimitedState
{
    /// <summary>The bytes in use.</summary>
    public nuint Used;

    /// <summary>The most bytes in use.</summary>
    public nuint Limit;

    /// <summary>The requests that the limit has failed.</summary>
    public nuint Refused;

    public HookedState Hook;
}
