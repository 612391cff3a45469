namespace Quarry;

/// <summary>
/// Hears of every block that a <see cref="Tracked{TInner}"/> allocator takes and gives back.
/// </summary>
/// <remarks>
/// <para>
/// It is called on the thread that allocates, on several at once if the allocator allows it. What a method
/// allocates itself is not told. It should not throw: an exception is caught and kept in
/// <see cref="Tracked{TInner}.Failure"/>, and the tracking is switched off.
/// </para>
/// <para>
/// A block is told after it was taken and before it is given back, so no address is told twice without having
/// been told as deallocated in between: a table by address stays right, whichever thread uses an address
/// next. Only blocks whose taking was told are told again.
/// </para>
/// </remarks>
public interface IAllocationTracker
{
    /// <summary>A block was taken.</summary>
    void Allocated(in TrackedBlock block);

    /// <summary>A block is about to be given back.</summary>
    /// <param name="block">The block, with the group it was taken in.</param>
    /// <param name="current">The group in which it is given back.</param>
    void Deallocated(in TrackedBlock block, AllocationGroup current);

    /// <summary>
    /// A block changed its size, moved or not. The old address is not yet free and the new one already taken,
    /// so both may be changed in a table at once.
    /// </summary>
    /// <param name="block">The block as it was, with the group it was taken in.</param>
    /// <param name="now">The block as it is, with the group in which it was reallocated.</param>
    void Reallocated(in TrackedBlock block, in TrackedBlock now)
    {
        Deallocated(block, now.Group);
        Allocated(now);
    }

    /// <summary>All blocks are about to be given back at once; by default nothing is done.</summary>
    /// <param name="current">The group in which that happens.</param>
    void DeallocatedAll(AllocationGroup current)
    {
    }
}
