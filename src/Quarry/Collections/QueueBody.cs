namespace Quarry;

/// <summary>
/// Elements in a ring: the first one may lie anywhere, and the others behind it, around the end.
/// </summary>
internal unsafe struct QueueBody<T> : ICollectionBody where T : unmanaged
{
    public T* Elements;
    public nint First;
    public nint Count;
    public nint Capacity;

    /// <summary>Counts the changes that end an enumeration; in checked builds only.</summary>
    public int Version;

    /// <inheritdoc/>
    public static string TypeName => "NativeQueue";

    internal void Changed()
    {
        if (Checks.Enabled)
        {
            Version++;
        }
    }

    /// <summary>The place of the element so many behind the first one; less than a round.</summary>
    internal readonly T* At(nint distance)
    {
        // Neither number exceeds the bytes of a block, so the sum does not wrap as an unsigned number.
        nuint place = (nuint)First + (nuint)distance;
        return Elements + (place < (nuint)Capacity ? place : place - (nuint)Capacity);
    }

    /// <summary>How many elements lie in a row, from the first one on.</summary>
    internal readonly nint CountToEnd => nint.Min(Count, Capacity - First);

    /// <summary>Makes room for so many elements, and some more.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryReserve<TAllocator>(TAllocator allocator, nint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        // Near the end of memory, what is needed may be there when its double is not.
        nint grown = CollectionMemory.Grown<T>(Capacity, capacity);
        return capacity <= Capacity
            || (grown > capacity && TryGrow(allocator, grown))
            || TryGrow(allocator, capacity);
    }

    /// <summary>Gives all room that is not used back.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve a smaller block.</returns>
    internal bool TryTrim<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        T* elements = null;
        if (Count > 0)
        {
            elements = CollectionMemory.TryAllocate<T, TAllocator>(allocator, Count);
            if (elements == null)
            {
                return false;
            }

            CopyTo(elements);
        }

        Free(allocator);
        Elements = elements;
        Capacity = Count;
        First = 0;
        Changed();
        return true;
    }

    internal readonly void CopyTo(T* destination)
    {
        CollectionMemory.Move(Elements + First, destination, CountToEnd);
        CollectionMemory.Move(Elements, destination + CountToEnd, Count - CountToEnd);
    }

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator =>
        CollectionMemory.Free(allocator, Elements, Capacity);

    private bool TryGrow<TAllocator>(TAllocator allocator, nint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        T* elements = CollectionMemory.TryReallocate(allocator, Elements, Capacity, capacity);
        if (elements == null)
        {
            return false;
        }

        Elements = elements;
        if (First > Capacity - Count)
        {
            // The part in front of the old end goes in front of the new one.
            nint moved = First + (capacity - Capacity);
            CollectionMemory.Move(elements + First, elements + moved, Capacity - First);
            First = moved;
        }

        Capacity = capacity;
        Changed();
        return true;
    }
}
