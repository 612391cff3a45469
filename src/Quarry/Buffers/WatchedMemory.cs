namespace Quarry;

/// <summary>A rented buffer that is reported if its owner is lost.</summary>
internal sealed class WatchedMemory<T, TAllocator>(NativeMemoryPool<T, TAllocator> pool)
    : PooledMemory<T, TAllocator>(pool)
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private LeakSentinel? _sentinel;

    internal void Rent(nint block, int length, LeakSentinel sentinel)
    {
        _sentinel = sentinel;
        Rent(block, length);
    }

    private protected override void End()
    {
        if (TryEnd())
        {
            Release();
        }
    }

    private protected override void Release()
    {
        _sentinel?.Dispose();
        _sentinel = null;
        base.Release();
    }
}
