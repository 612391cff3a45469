namespace Quarry.Tests;

/// <summary>An allocator that serves nothing and keeps a value of any type.</summary>
internal readonly unsafe struct Unserving<T>(T tag) : IAllocator
{
    public T Tag { get; } = tag;

    public static AllocatorTraits Traits => AllocatorTraits.None;

    public void* Allocate(Layout layout) => null;

    public void* AllocateZeroed(Layout layout) => null;

    public void Deallocate(void* block, Layout layout)
    {
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize) => null;

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public bool Owns(void* block) => false;

    public void DeallocateAll()
    {
    }
}
