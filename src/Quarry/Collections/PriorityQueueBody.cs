using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>What a priority queue keeps: a heap in which each node has four children.</summary>
/// <remarks>
/// Four instead of two make the heap half as deep, and the children of a node share a cache line or two. A
/// node never comes before its parent.
/// </remarks>
internal unsafe struct PriorityQueueBody<TElement, TPriority> : ICollectionBody
    where TElement : unmanaged
    where TPriority : unmanaged
{
    private const int Log2Children = 2;

    public ListBody<(TElement Element, TPriority Priority)> Nodes;

    /// <inheritdoc/>
    public static string TypeName => "NativePriorityQueue";

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator =>
        Nodes.Free(allocator);

    /// <summary>Puts a node in, which there is room for.</summary>
    internal void Enqueue((TElement Element, TPriority Priority) node)
    {
        MoveUp(node, Nodes.Count++);
        Nodes.Changed();
    }

    /// <summary>Puts nodes in; they may be some of its own.</summary>
    /// <returns>False, and nothing changed, if the allocator cannot serve it.</returns>
    internal bool TryEnqueueRange<TAllocator>(
        TAllocator allocator, ReadOnlySpan<(TElement Element, TPriority Priority)> nodes)
        where TAllocator : unmanaged, IAllocator
    {
        nint ordered = Nodes.Count;
        if (!Nodes.TryInsert(allocator, ordered, nodes))
        {
            return false;
        }

        if (ordered == 0)
        {
            // All at once, ordered from below, takes linear time.
            for (nint parent = (Nodes.Count - 2) >> Log2Children; parent >= 0; parent--)
            {
                MoveDown(Nodes.Elements[parent], parent);
            }
        }
        else
        {
            for (; ordered < Nodes.Count; ordered++)
            {
                MoveUp(Nodes.Elements[ordered], ordered);
            }
        }

        return true;
    }

    /// <summary>Takes the node at the index out.</summary>
    internal void RemoveAt(nint index)
    {
        TPriority removed = Nodes.Elements[index].Priority;
        nint last = --Nodes.Count;
        if (index < last)
        {
            // The last node fills the hole. It need not come from below the hole, so it may belong above.
            var node = Nodes.Elements[last];
            if (IsBefore(node.Priority, removed))
            {
                MoveUp(node, index);
            }
            else
            {
                MoveDown(node, index);
            }
        }

        Nodes.Changed();
    }

    /// <summary>Replaces the first node.</summary>
    internal void ReplaceFirst((TElement Element, TPriority Priority) node)
    {
        MoveDown(node, 0);
        Nodes.Changed();
    }

    internal static bool IsBefore(TPriority left, TPriority right) =>
        Comparer<TPriority>.Default.Compare(left, right) < 0;

    /// <summary>Puts a node into a hole, or above it.</summary>
    private readonly void MoveUp((TElement Element, TPriority Priority) node, nint hole)
    {
        while (hole > 0)
        {
            nint parent = (hole - 1) >> Log2Children;
            if (!IsBefore(node.Priority, Nodes.Elements[parent].Priority))
            {
                break;
            }

            Nodes.Elements[hole] = Nodes.Elements[parent];
            hole = parent;
        }

        Nodes.Elements[hole] = node;
    }

    /// <summary>Puts a node into a hole, or below it.</summary>
    private readonly void MoveDown((TElement Element, TPriority Priority) node, nint hole)
    {
        for (; ; )
        {
            nint child = (hole << Log2Children) + 1;
            nint end = nint.Min(child + (1 << Log2Children), Nodes.Count);
            if (child >= end)
            {
                break;
            }

            nint least = child;
            while (++child < end)
            {
                if (IsBefore(Nodes.Elements[child].Priority, Nodes.Elements[least].Priority))
                {
                    least = child;
                }
            }

            if (!IsBefore(Nodes.Elements[least].Priority, node.Priority))
            {
                break;
            }

            Nodes.Elements[hole] = Nodes.Elements[least];
            hole = least;
        }

        Nodes.Elements[hole] = node;
    }
}
