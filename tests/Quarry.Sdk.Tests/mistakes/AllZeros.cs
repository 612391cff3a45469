using Quarry;

namespace Mistakes;

/// <summary>Has a field that only a factory could set.</summary>
public readonly unsafe struct AllZeros : IAllocator
{
    private readonly Bump<Shared> _memory;

    private AllZeros(Bump<Shared> memory) => _memory = memory;

    public static AllocatorTraits Traits => Bump<Shared>.Traits;

    public void* Allocate(Layout layout) => _memory.Allocate(layout);

    public void* AllocateZeroed(Layout layout) => _memory.AllocateZeroed(layout);

    public void Deallocate(void* block, Layout layout) => _memory.Deallocate(block, layout);

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public bool Owns(void* block) => _memory.Owns(block);

    public void DeallocateAll() => _memory.DeallocateAll();
}
