namespace Quarry;

/// <summary>What a <see cref="Synchronized{TInner}"/> keeps.</summary>
internal struct SynchronizedState
{
    /// <summary>1 while a thread is inside.</summary>
    public nuint Taken;
}
