namespace Quarry;

/// <summary>What a <see cref="Hooked{TInner}"/> keeps.</summary>
internal struct HookedState
{
    public FailureHook Hook;

    /// <summary>
    /// What keeps the delegate alive that the hook calls, if it calls one; freed with this.
    /// </summary>
#pragma warning disable CS0649 // an image without a runtime has no delegates
    public nint Delegate;
#pragma warning restore CS0649
}
