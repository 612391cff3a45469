namespace Quarry;

/// <summary>What a <see cref="Synchronized{TInner}"/> keeps.</summary>
internal struct SynchronizedState
{
    /// <summary>Held while a thread is inside.</summary>
    public YieldingLock Lock;
}
