namespace Quarry;

/// <summary>The state of a <see cref="Synchronized{TInner}"/>.</summary>
internal struct SynchronizedState
{
    /// <summary>Held while a thread is in the inner allocator.</summary>
    public YieldingLock Lock;
}
