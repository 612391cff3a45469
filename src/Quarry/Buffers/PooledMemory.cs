namespace Quarry;

/// <summary>A rented buffer: its owner, and its memory.</summary>
internal sealed unsafe class PooledMemory<T, TAllocator>(NativeMemoryPool<T, TAllocator> pool)
    : NativeMemoryManager<T>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private LeakSentinel? _sentinel;

    /// <summary>Where the block goes; it has one size of the pool, or any.</summary>
    internal BlockShelf? Shelf { get; private set; }

    internal void* Block => First;

    internal nuint Bytes => (nuint)Length * (nuint)sizeof(T);

    internal void Rent(void* block, int length, BlockShelf shelf, LeakSentinel? sentinel)
    {
        Shelf = shelf;
        _sentinel = sentinel;
        Open(block, length);
    }

    private protected override void Release()
    {
        _sentinel?.Dispose();
        _sentinel = null;
        pool.Return(this);
    }
}
