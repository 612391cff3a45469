using System;
using System.Collections.Generic;
using System.Numerics;

namespace Quarry;

/// <summary>Sorting by a comparer that is a struct, which the runtime's own sort would box.</summary>
/// <remarks>
/// Introsort (Musser, 1997): quicksort with the median of three, insertion sort for what is short, heapsort
/// where the pivots are bad, so never more than O(n log n) comparisons. Every index is within the span
/// whatever the comparer answers.
/// </remarks>
internal static class Introsort
{
    private const int Short = 16;

    internal static void Sort<T, TComparer>(Span<T> items, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        try
        {
            Sort(items, comparer, 2 * (BitOperations.Log2((uint)items.Length | 1) + 1));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException("The comparer threw an exception.", exception);
        }
    }

    private static void Sort<T, TComparer>(Span<T> items, TComparer comparer, int depth)
        where TComparer : struct, IComparer<T>
    {
        while (items.Length > Short)
        {
            if (depth-- == 0)
            {
                SortAsHeap(items, comparer);
                return;
            }

            int pivot = Partition(items, comparer);
            Sort(items[(pivot + 1)..], comparer, depth);
            items = items[..pivot];
        }

        Insert(items, comparer);
    }

    private static int Partition<T, TComparer>(Span<T> items, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        int last = items.Length - 1;
        int middle = last / 2;
        Order(ref items[0], ref items[middle], comparer);
        Order(ref items[0], ref items[last], comparer);
        Order(ref items[middle], ref items[last], comparer);

        // The pivot waits in front of the last item, which is not less than it.
        T pivot = items[middle];
        int end = last - 1;
        Swap(ref items[middle], ref items[end]);
        int left = 0;
        int right = end;
        for (; ; )
        {
            do
            {
                left++;
            }
            while (left < end && comparer.Compare(items[left], pivot) < 0);

            do
            {
                right--;
            }
            while (right > 0 && comparer.Compare(pivot, items[right]) < 0);

            if (left >= right)
            {
                Swap(ref items[left], ref items[end]);
                return left;
            }

            Swap(ref items[left], ref items[right]);
        }
    }

    private static void Insert<T, TComparer>(Span<T> items, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        for (int index = 1; index < items.Length; index++)
        {
            T item = items[index];
            int hole = index;
            for (; hole > 0 && comparer.Compare(item, items[hole - 1]) < 0; hole--)
            {
                items[hole] = items[hole - 1];
            }

            items[hole] = item;
        }
    }

    private static void SortAsHeap<T, TComparer>(Span<T> items, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        for (int parent = (items.Length / 2) - 1; parent >= 0; parent--)
        {
            Sift(items, parent, comparer);
        }

        for (int last = items.Length - 1; last > 0; last--)
        {
            Swap(ref items[0], ref items[last]);
            Sift(items[..last], 0, comparer);
        }
    }

    private static void Sift<T, TComparer>(Span<T> heap, int hole, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        T item = heap[hole];
        for (int child = (2 * hole) + 1; child < heap.Length; child = (2 * hole) + 1)
        {
            if (child + 1 < heap.Length && comparer.Compare(heap[child], heap[child + 1]) < 0)
            {
                child++;
            }

            if (comparer.Compare(item, heap[child]) >= 0)
            {
                break;
            }

            heap[hole] = heap[child];
            hole = child;
        }

        heap[hole] = item;
    }

    private static void Order<T, TComparer>(ref T first, ref T second, TComparer comparer)
        where TComparer : struct, IComparer<T>
    {
        if (comparer.Compare(first, second) > 0)
        {
            Swap(ref first, ref second);
        }
    }

    private static void Swap<T>(ref T first, ref T second) => (first, second) = (second, first);
}
