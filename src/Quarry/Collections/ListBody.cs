using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Elements in a row, with room to grow: what a list, and what is built like one, keeps.</summary>
internal unsafe struct ListBody<T> : ICollectionBody where T : unmanaged
{
    public T* Elements;
    public nint Count;
    public nint Capacity;

    /// <summary>Counts the changes that end an enumeration; in checked builds only.</summary>
    public int Version;

    /// <inheritdoc/>
    public static string TypeName => "NativeList";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Changed()
    {
        if (Checks.Enabled)
        {
            Version++;
        }
    }

    /// <summary>Makes room for so many elements, and some more.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryReserve<TAllocator>(TAllocator allocator, nint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        // Near the end of memory, what is needed may be there when its double is not.
        nint grown = CollectionMemory.Grown<T>(Capacity, capacity);
        return capacity <= Capacity
            || (grown > capacity && TryResize(allocator, grown))
            || TryResize(allocator, capacity);
    }

    /// <summary>Makes room, and finds items that are some of its own where they are then.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryReserve<TAllocator>(TAllocator allocator, nint capacity, ref ReadOnlySpan<T> items)
        where TAllocator : unmanaged, IAllocator
    {
        fixed (T* source = items)
        {
            bool own = Contains(source);
            nint offset = own ? (nint)(source - Elements) : 0;
            bool reserved = TryReserve(allocator, capacity);
            items = own ? new ReadOnlySpan<T>(Elements + offset, items.Length) : items;
            return reserved;
        }
    }

    /// <summary>Changes the capacity to exactly this one, which the elements fit in.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryResize<TAllocator>(TAllocator allocator, nint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        T* elements = null;
        if (capacity == 0)
        {
            Free(allocator);
        }
        else
        {
            elements = CollectionMemory.TryReallocate(allocator, Elements, Capacity, capacity);
            if (elements == null)
            {
                return false;
            }
        }

        Elements = elements;
        Capacity = capacity;
        Changed();
        return true;
    }

    /// <summary>Puts elements in front of the one at the index; they may be some of its own.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryInsert<TAllocator>(TAllocator allocator, nint index, ReadOnlySpan<T> items)
        where TAllocator : unmanaged, IAllocator
    {
        if (!TryReserve(allocator, Count + items.Length, ref items))
        {
            return false;
        }

        fixed (T* source = items)
        {
            nint count = items.Length;
            T* gap = Elements + index;
            CollectionMemory.Move(gap, gap + count, Count - index);

            // Of its own elements, those from the index on have just moved behind the gap.
            nint unmoved = Contains(source) ? Math.Clamp((nint)(gap - source), 0, count) : count;
            CollectionMemory.Move(source, gap, unmoved);
            CollectionMemory.Move(source + unmoved + count, gap + unmoved, count - unmoved);
            Count += count;
        }

        Changed();
        return true;
    }

    /// <summary>Takes elements out and closes the gap.</summary>
    internal void RemoveRange(nint index, nint count)
    {
        nint left = Count - count;
        Count = left;
        Changed();
        if (index < left)
        {
            CollectionMemory.Move(Elements + index + count, Elements + index, left - index);
        }
    }

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator =>
        CollectionMemory.Free(allocator, Elements, Capacity);

    private readonly bool Contains(T* element) => element >= Elements && element < Elements + Capacity;
}
