namespace Quarry;

/// <summary>The state of a <see cref="Failing{TInner}"/>.</summary>
internal struct FailingState
{
    /// <summary>The number of requests of each kind so far.</summary>
    public nuint Allocations, Reallocations, Resizes;

    /// <summary>
    /// The number of the request of each kind to fail; <see cref="nuint.MaxValue"/> for none.
    /// </summary>
    public nuint FailingAllocation, FailingReallocation, FailingResize;

    /// <summary>Whether the requests after those fail as well.</summary>
    public bool FailsOnwards;

    /// <summary>The number of requests that this allocator has failed.</summary>
    public nuint Failures;
}
