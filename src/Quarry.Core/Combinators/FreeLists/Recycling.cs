using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The body of the allocators that keep freed blocks: a request that has a list is served with the list's
/// block, from there or from the inner allocator; any other one is handed on as it is.
/// </summary>
internal static unsafe class Recycling
{
    internal const AllocatorTraits Kept =
        AllocatorTraits.Deallocates | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate<TInner, TLists>(TInner inner, TLists lists, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        FreeBlockList* list = lists.Find(layout.Size, layout.Alignment);
        if (list != null)
        {
            void* block = list->TryTake();
            if (block != null)
            {
                return block;
            }

            layout = list->Block;
        }

        return lists.IsAlive ? inner.Allocate(layout) : null;
    }

    internal static void* AllocateZeroed<TInner, TLists>(TInner inner, TLists lists, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        FreeBlockList* list = lists.Find(layout.Size, layout.Alignment);
        if (list != null)
        {
            void* block = list->TryTake();
            if (block != null)
            {
                Memory.Clear(block, layout.Size);
                return block;
            }

            layout = list->Block;
        }

        return lists.IsAlive ? inner.AllocateZeroed(layout) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Deallocate<TInner, TLists>(TInner inner, TLists lists, void* block, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        if (block == null)
        {
            return;
        }

        FreeBlockList* list = lists.Find(layout.Size, layout.Alignment);
        if (list == null)
        {
            inner.Deallocate(block, layout);
        }
        else if (!list->TryKeep(block))
        {
            inner.Deallocate(block, list->Block);
        }
    }

    internal static void* Reallocate<TInner, TLists>(
        TInner inner, TLists lists, void* block, Layout layout, nuint newSize)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists, IAllocator
    {
        bool handsOn = block != null && lists.IsAlive
            && lists.Find(layout.Size, layout.Alignment) == null
            && lists.Find(newSize, layout.Alignment) == null;
        return handsOn
            ? inner.Reallocate(block, layout, newSize)
            : AllocatorDefaults.Reallocate(lists, block, layout, newSize);
    }

    internal static bool TryResize<TInner, TLists>(
        TInner inner, TLists lists, void* block, Layout layout, nuint newSize)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        FreeBlockList* list = lists.Find(layout.Size, layout.Alignment);
        if (list != null || (TInner.Traits & AllocatorTraits.ResizesInPlace) == 0)
        {
            return list != null && list == lists.Find(newSize, layout.Alignment);
        }

        // A block that shrank into the range of a list would be taken for one of the list's.
        return lists.Find(newSize, layout.Alignment) == null && inner.TryResize(block, layout, newSize);
    }

    internal static nuint UsableSize<TInner, TLists>(TInner inner, TLists lists, void* block, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        FreeBlockList* list = lists.Find(layout.Size, layout.Alignment);
        return list != null ? list->Block.Size : inner.UsableSize(block, layout);
    }

    /// <summary>Gives the blocks of a list back.</summary>
    internal static void Trim<TInner>(TInner inner, FreeBlockList* list) where TInner : unmanaged, IAllocator
    {
        for (void* block = list->TryTake(); block != null; block = list->TryTake())
        {
            inner.Deallocate(block, list->Block);
        }
    }
}
