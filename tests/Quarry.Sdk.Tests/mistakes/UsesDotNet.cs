using System;
using Quarry;

namespace Mistakes;

public unsafe struct UsesDotNet : IAllocator
{
    public static AllocatorTraits Traits => AllocatorTraits.None;

    public void* Allocate(Layout layout)
    {
        Console.WriteLine(layout.Size); // console
        return null;
    }

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
