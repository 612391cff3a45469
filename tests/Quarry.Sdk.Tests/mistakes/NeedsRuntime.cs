using System;
using System.Runtime.CompilerServices;
using Quarry;

namespace Mistakes;

public unsafe struct NeedsRuntime : IAllocator
{
    private static readonly nuint s_start = Start(); // static constructor

    private delegate nuint Measure(Layout layout);

    public static AllocatorTraits Traits => AllocatorTraits.None;

    public void* Allocate(Layout layout) => Read(new Node { Value = layout.Size }); // class

    public void* AllocateZeroed(Layout layout) => Show(layout); // box

    public void Deallocate(void* block, Layout layout)
    {
        if (layout.Size > 5)
        {
            throw new InvalidOperationException("too large"); // throw
        }
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        int[] sizes = new int[(int)newSize]; // array
        return sizes.Length > (int)s_start ? block : null;
    }

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout)
    {
        Measure measure = size => size.Size; // delegate
        return Call(measure, layout);
    }

    public bool Owns(void* block) => false;

    public void DeallocateAll()
    {
    }

    private static nuint Start()
    {
        nuint local = 0;
        return (nuint)(&local);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* Read(Node node) => (void*)node.Value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* Show(object value) => value == null ? null : (void*)16;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Call(Measure measure, Layout layout) => measure(layout);

    private sealed class Node
    {
        public nuint Value;
    }
}
