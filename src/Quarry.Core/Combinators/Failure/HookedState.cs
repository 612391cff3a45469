namespace Quarry;

/// <summary>The state of a <see cref="Hooked{TInner}"/>.</summary>
internal struct HookedState
{
    public FailureHook Hook;

    /// <summary>
    /// In the library, the handle that keeps the delegate of the hook alive, if it has one; freed with the
    /// state.
    /// </summary>
#pragma warning disable CS0649 // an image without a runtime has no delegates
    public nint Delegate;
#pragma warning restore CS0649
}
