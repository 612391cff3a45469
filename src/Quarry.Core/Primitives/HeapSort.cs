namespace Quarry;

/// <summary>Sorts items in place.</summary>
/// <remarks>A heap sort: it needs no memory, and no more time in its worst case.</remarks>
internal static unsafe class HeapSort<T>
    where T : unmanaged, IOrdered<T>
{
    internal static void Sort(T* items, nuint count)
    {
        for (nuint root = count / 2; root-- > 0;)
        {
            Sift(items, root, count);
        }

        for (nuint end = count; end > 1;)
        {
            end--;
            (items[0], items[end]) = (items[end], items[0]);
            Sift(items, 0, end);
        }
    }

    private static void Sift(T* items, nuint root, nuint count)
    {
        T moved = items[root];
        nuint child;
        while ((child = (2 * root) + 1) < count)
        {
            child += child + 1 < count && items[child].IsBefore(items[child + 1]) ? 1u : 0;
            if (!moved.IsBefore(items[child]))
            {
                break;
            }

            items[root] = items[child];
            root = child;
        }

        items[root] = moved;
    }
}
