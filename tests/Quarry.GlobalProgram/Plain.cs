using System.Runtime.InteropServices;

namespace Quarry.GlobalProgram;

/// <summary>The runtime's allocator with a budget of its own, of one process, that can be raised.</summary>
internal readonly unsafe struct Plain : IAllocator
{
    public const nuint FirstBudget = 1000;

    public static nuint Budget { get; set; } = FirstBudget;

    public static AllocatorTraits Traits => AllocatorTraits.Deallocates | AllocatorTraits.ThreadSafe;

    public void* Allocate(Layout layout) =>
        layout.Size <= Budget ? NativeMemory.AlignedAlloc(layout.Size, layout.Alignment) : null;

    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    public void Deallocate(void* block, Layout layout) => NativeMemory.AlignedFree(block);

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public bool Owns(void* block) => false;

    public void DeallocateAll()
    {
    }
}
