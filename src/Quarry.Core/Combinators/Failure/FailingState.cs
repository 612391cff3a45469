namespace Quarry;

/// <summary>What a <see cref="Failing{TInner}"/> keeps.</summary>
internal struct FailingState
{
    /// <summary>How many requests of each kind there were.</summary>
    public nuint Allocations, Reallocations, Resizes;

    /// <summary>Which request of each kind fails; <see cref="nuint.MaxValue"/> for none.</summary>
    public nuint FailingAllocation, FailingReallocation, FailingResize;

    /// <summary>How many were made to fail.</summary>
    public nuint Failures;
}
