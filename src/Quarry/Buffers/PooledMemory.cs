namespace Quarry;

/// <summary>A rented buffer: its owner, and its memory.</summary>
internal unsafe class PooledMemory<T, TAllocator>(NativeMemoryPool<T, TAllocator> pool)
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
        // First, for the processor reads nothing ahead across the atomic operation.
        ThreadShelves? thread = pool.Thread;
        if (TryEnd())
        {
            pool.Return(this, thread);
        }
    }

    private protected override void Release() => pool.Return(this, pool.Thread);
}
