namespace Quarry;

/// <content>The allocator behind the pool.</content>
public sealed unsafe partial class NativeMemoryPool<T, TAllocator>
{
    private static bool IsThreadSafe => (TAllocator.Traits & AllocatorTraits.ThreadSafe) != 0;

    private Layout LayoutOf(int length) => Layout.Create((nuint)length * (nuint)sizeof(T), _alignment);

    private void* AllocateOrThrow(Layout layout)
    {
        void* block = Allocate(layout);
        if (block == null && Trim() != 0)
        {
            // What the pool kept may have been what was missing.
            block = Allocate(layout);
        }

        if (block == null)
        {
            Throw.Unserved(_allocator, layout);
        }

        return block;
    }

    private void* Allocate(Layout layout)
    {
        if (IsThreadSafe)
        {
            return _allocator.Allocate(layout);
        }

        lock (_allocatorLock)
        {
            return _allocator.Allocate(layout);
        }
    }

    private void Deallocate(void* block, nuint bytes)
    {
        Layout layout = Layout.Create(bytes, _alignment);
        if (IsThreadSafe)
        {
            _allocator.Deallocate(block, layout);
            return;
        }

        lock (_allocatorLock)
        {
            _allocator.Deallocate(block, layout);
        }
    }
}
