using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <content>The owners of rented buffers.</content>
public sealed unsafe partial class NativeMemoryPool<T, TAllocator>
{
    // Some 64 bytes each; a burst of more leaves the rest to the garbage collector.
    private const int MaxIdleOwners = 8192;

    private readonly Lock _ownersLock = new();
    private readonly Stack<PooledMemory<T, TAllocator>> _owners = new();

    private PooledMemory<T, TAllocator> Own(void* block, int length, BlockShelf shelf)
    {
        LeakSentinel? sentinel = _options.OnLeak == null
            ? null
            : new LeakSentinel(_options.OnLeak, (nuint)length * (nuint)sizeof(T));
        PooledMemory<T, TAllocator> owner = TryTakeOwner() ?? new PooledMemory<T, TAllocator>(this);
        owner.Rent(block, length, shelf, sentinel);
        return owner;
    }

    private PooledMemory<T, TAllocator>? TryTakeOwner()
    {
        if (!_options.RecycleOwners)
        {
            return null;
        }

        lock (_ownersLock)
        {
            return _owners.TryPop(out PooledMemory<T, TAllocator>? owner) ? owner : null;
        }
    }

    private void Recycle(PooledMemory<T, TAllocator> owner)
    {
        if (!_options.RecycleOwners)
        {
            return;
        }

        lock (_ownersLock)
        {
            if (_owners.Count < MaxIdleOwners)
            {
                _owners.Push(owner);
            }
        }
    }

    private void ForgetOwners()
    {
        lock (_ownersLock)
        {
            _owners.Clear();
            _owners.TrimExcess();
        }
    }
}
