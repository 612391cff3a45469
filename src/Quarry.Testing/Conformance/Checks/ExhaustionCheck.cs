using System;

namespace Quarry.Testing;

/// <summary>That an allocator of limited capacity serves as much, and then fails without doing harm.</summary>
internal static unsafe class ExhaustionCheck
{
    internal static Violation Run<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        // Blocks hold the address of the one before, so that any number can be held.
        nuint size = Math.Min(options.MaxSize, Math.Max(64, options.Capacity / 64));
        if (!options.IsLimited || size < (nuint)sizeof(void*))
        {
            return default;
        }

        var witness = new Witness<TAllocator>(allocator, options);
        _ = Layout.TryCreate(size, Math.Min(8, options.MaxAlignment), out Layout layout);
        byte* last = Fill(allocator, layout, options.Capacity, out nuint count);
        if ((count + 1) * (size + layout.Alignment + options.BlockOverhead) <= options.Capacity)
        {
            _ = witness.Broke(Promise.ReachesCapacity, HeldAt(last, layout), count);
            return witness.Violation;
        }

        if (!AreIntact(ref witness, last, layout)
            || (last != null && !FailsWell(ref witness, allocator, ref last, layout))
            || !AreIntact(ref witness, last, layout))
        {
            return witness.Violation;
        }

        while (last != null)
        {
            byte* before = *(byte**)last;
            allocator.Deallocate(last, layout);
            last = before;
        }

        if ((TAllocator.Traits & AllocatorTraits.Deallocates) != 0 && count > 0)
        {
            byte* again = (byte*)allocator.Allocate(layout);
            _ = again != null || witness.Broke(Promise.ServesAfterExhaustion, HeldAt(null, layout), 0);
            allocator.Deallocate(again, layout);
        }

        return witness.Violation;
    }

    /// <summary>
    /// Takes until there is no more, or four times what is promised: the capacity is what can be had surely.
    /// </summary>
    private static byte* Fill<TAllocator>(
        TAllocator allocator, Layout layout, nuint capacity, out nuint count)
        where TAllocator : unmanaged, IAllocator
    {
        byte* last = null;
        count = 0;
        for (; count <= 4 * (capacity / layout.Size); count++)
        {
            byte* block = (byte*)allocator.Allocate(layout);
            if (block == null)
            {
                break;
            }

            Mark(block, last, layout);
            last = block;
        }

        return last;
    }

    /// <summary>Whether failing to grow a block leaves it alone. If it grows, it is the last one, grown.</summary>
    private static bool FailsWell<TAllocator>(
        ref Witness<TAllocator> witness, TAllocator allocator, ref byte* last, Layout layout)
        where TAllocator : unmanaged, IAllocator
    {
        nuint half = (nuint)sizeof(void*);
        byte* before = *(byte**)last;
        byte* moved = (byte*)allocator.Reallocate(last, layout, layout.Size * 2);
        byte* block = moved == null ? last : moved;
        Promise kept = moved == null ? Promise.KeepsWhenNotReallocated : Promise.KeepsWhenReallocated;
        nuint difference = Pattern.FirstDifference(block + half, layout.Size - half, (nuint)last);
        if (*(byte**)block != before || difference != layout.Size - half)
        {
            return witness.Broke(kept, HeldAt(block, layout), half + difference);
        }

        // Back to the size that all have.
        last = moved == null ? last : (byte*)allocator.Reallocate(moved, Twice(layout), layout.Size);
        if (last == null)
        {
            return witness.Broke(Promise.ServesReallocation, HeldAt(moved, Twice(layout)), layout.Size);
        }

        Mark(last, before, layout);
        return true;
    }

    private static bool AreIntact<TAllocator>(ref Witness<TAllocator> witness, byte* last, Layout layout)
        where TAllocator : unmanaged, IAllocator
    {
        nuint head = (nuint)sizeof(void*);
        for (byte* block = last; block != null; block = *(byte**)block)
        {
            nuint difference = Pattern.FirstDifference(block + head, layout.Size - head, (nuint)block);
            if (difference != layout.Size - head)
            {
                return witness.Broke(Promise.Keeps, HeldAt(block, layout), head + difference);
            }
        }

        return true;
    }

    private static void Mark(byte* block, byte* before, Layout layout)
    {
        *(byte**)block = before;
        Pattern.Fill(block + sizeof(void*), layout.Size - (nuint)sizeof(void*), (nuint)block);
    }

    private static Layout Twice(Layout layout)
    {
        _ = Layout.TryCreate(layout.Size * 2, layout.Alignment, out Layout twice);
        return twice;
    }

    private static Held HeldAt(byte* block, Layout layout) => new() { Address = block, Layout = layout };
}
