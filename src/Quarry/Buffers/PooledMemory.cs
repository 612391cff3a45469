namespace Quarry;

/// <summary>A rented buffer: its owner, and its memory.</summary>
internal sealed unsafe class PooledMemory<T, TAllocator>(NativeMemoryPool<T, TAllocator> pool)
    : NativeMemoryManager<T>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    internal nint Block => (nint)First;

    /// <summary>The number of elements.</summary>
    internal new int Length => base.Length;

    internal void Rent(nint block, int length) => Open((void*)block, length);

    private protected override void End()
    {
        // First, as the processor reads nothing ahead across the atomic operation.
        ThreadShelves? thread = pool.LastThread;
        if (!TryEnd())
        {
            return;
        }

        // A recycled owner may be somebody else's once it is kept.
        if (thread == null || !thread.TryPut(NativeMemoryPool<T, TAllocator>.IndexOf(Length), Block, this))
        {
            pool.Return(this);
        }
        else if (thread.Pace.IsDue())
        {
            pool.SweepIfDue(thread);
        }
    }

    private protected override void Release() => pool.Return(this);
}
