using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Implements the allocators that keep freed blocks: <see cref="FreeList{TInner}"/> and
/// <see cref="Bucketize{TInner, TSteps}"/>.
/// </summary>
/// <remarks>
/// The two differ only in how sizes map to lists. They are two types because one list of an exact size and a
/// series of lists are created differently; only one-line members are duplicated, as a struct cannot inherit
/// an interface implementation.
/// </remarks>
internal static unsafe class Recycling
{
    /// <summary>An index that no list has.</summary>
    internal static nuint NoList => nuint.MaxValue;

    /// <summary>The traits of the inner allocator that are preserved.</summary>
    internal const AllocatorTraits Kept =
        AllocatorTraits.Deallocates | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    // Every member that accesses a list first checks that the lists exist: the state of a disposed allocator
    // may already belong to another one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate<TInner, TLists>(TInner inner, TLists lists, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        if (!lists.IsAlive)
        {
            return null;
        }

        nuint index = lists.IndexOf(layout.Size, layout.Alignment);
        if (index == NoList)
        {
            return inner.Allocate(layout);
        }

        void* block = lists.ListAt(index)->TryPop();
        return block != null ? block : inner.Allocate(lists.BlockOf(index));
    }

    internal static void* AllocateZeroed<TInner, TLists>(TInner inner, TLists lists, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        if (!lists.IsAlive)
        {
            return null;
        }

        nuint index = lists.IndexOf(layout.Size, layout.Alignment);
        if (index == NoList)
        {
            return inner.AllocateZeroed(layout);
        }

        void* block = lists.ListAt(index)->TryPop();
        if (block == null)
        {
            return inner.AllocateZeroed(lists.BlockOf(index));
        }

        Memory.Clear(block, layout.Size);
        return block;
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

        nuint index = lists.IndexOf(layout.Size, layout.Alignment);
        if (index == NoList)
        {
            inner.Deallocate(block, layout);
        }
        else if (!lists.IsAlive || !lists.ListAt(index)->TryPush(block))
        {
            inner.Deallocate(block, lists.BlockOf(index));
        }
    }

    internal static void* Reallocate<TInner, TLists>(
        TInner inner, TLists lists, void* block, Layout layout, nuint newSize)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists, IAllocator
    {
        bool isInner = block != null && lists.IsAlive
            && lists.IndexOf(layout.Size, layout.Alignment) == NoList
            && lists.IndexOf(newSize, layout.Alignment) == NoList;
        return isInner
            ? inner.Reallocate(block, layout, newSize)
            : AllocatorDefaults.Reallocate(lists, block, layout, newSize);
    }

    internal static bool TryResize<TInner, TLists>(
        TInner inner, TLists lists, void* block, Layout layout, nuint newSize)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        nuint index = lists.IndexOf(layout.Size, layout.Alignment);
        if (index != NoList || (TInner.Traits & AllocatorTraits.ResizesInPlace) == 0)
        {
            return index != NoList && index == lists.IndexOf(newSize, layout.Alignment);
        }

        // A block that shrank into the range of a list would later be freed with the layout of that list.
        return lists.IndexOf(newSize, layout.Alignment) == NoList
            && inner.TryResize(block, layout, newSize);
    }

    internal static nuint UsableSize<TInner, TLists>(TInner inner, TLists lists, void* block, Layout layout)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        nuint index = lists.IndexOf(layout.Size, layout.Alignment);
        return index != NoList ? lists.BlockOf(index).Size : inner.UsableSize(block, layout);
    }

    internal static void DeallocateAll<TInner, TLists>(TInner inner, TLists lists)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0 && lists.IsAlive)
        {
            for (nuint index = 0; index < lists.Count; index++)
            {
                lists.ListAt(index)->Clear();
            }

            inner.DeallocateAll();
        }
    }

    /// <summary>Frees the blocks in the lists. The lists must exist.</summary>
    internal static void Trim<TInner, TLists>(TInner inner, TLists lists)
        where TInner : unmanaged, IAllocator
        where TLists : unmanaged, IFreeLists
    {
        for (nuint index = 0; index < lists.Count; index++)
        {
            FreeBlockList* list = lists.ListAt(index);
            for (void* block = list->TryPop(); block != null; block = list->TryPop())
            {
                inner.Deallocate(block, lists.BlockOf(index));
            }
        }
    }
}
