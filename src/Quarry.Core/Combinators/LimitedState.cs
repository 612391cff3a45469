namespace Quarry;

/// <summary>The state of a <see cref="Limited{TInner}"/>.</summary>
internal struct LimitedState
{
    /// <summary>The number of bytes in use.</summary>
    public nuint Used;

    /// <summary>The maximum number of bytes in use.</summary>
    public nuint Limit;

    /// <summary>The number of requests that failed because of the limit.</summary>
    public nuint Refused;

    public HookedState Hook;
}
