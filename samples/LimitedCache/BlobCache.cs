using System;
using System.Collections.Generic;
using Quarry;

namespace LimitedCache;

/// <summary>
/// Byte blobs in native memory that never exceeds a budget: where it would, the blobs go that were used least
/// recently.
/// </summary>
/// <remarks>
/// The cache counts nothing itself. It asks for a block, and the allocator asks back for room when the
/// budget is spent. For one thread.
/// </remarks>
internal sealed unsafe class BlobCache : IDisposable
{
    private readonly Heap _heap = new();
    private readonly Limited<Heap> _blocks;
    private readonly Dictionary<string, LinkedListNode<Blob>> _blobs = [];

    /// <summary>The most recently used first.</summary>
    private readonly LinkedList<Blob> _order = [];

    /// <param name="budget">The most memory of all blobs, in bytes.</param>
    internal BlobCache(nuint budget) => _blocks = new Limited<Heap>(
        _heap, budget, request => request.Size <= budget && TryEvict());

    internal int Count => _blobs.Count;

    internal int Evicted { get; private set; }

    internal nuint UsedBytes => _blocks.UsedBytes;

    internal nuint BudgetBytes => _blocks.LimitBytes;

    internal nuint Refused => _blocks.Refused;

    /// <summary>Stores a copy of the bytes; false if they are more than the whole budget.</summary>
    internal bool TryAdd(string key, ReadOnlySpan<byte> bytes)
    {
        Remove(key);
        void* block = _blocks.Allocate(LayoutOf(bytes.Length));
        if (block == null)
        {
            return false;
        }

        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        _blobs.Add(key, _order.AddFirst(new Blob(key, (nint)block, bytes.Length)));
        return true;
    }

    /// <summary>The bytes of a blob; valid until the next call that adds one.</summary>
    internal bool TryGet(string key, out ReadOnlySpan<byte> bytes)
    {
        bool found = _blobs.TryGetValue(key, out LinkedListNode<Blob>? node);
        bytes = default;
        if (found)
        {
            _order.Remove(node!);
            _order.AddFirst(node!);
            bytes = new ReadOnlySpan<byte>((void*)node!.Value.Address, node.Value.Length);
        }

        return found;
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _heap.Dispose();
    }

    private void Remove(string key)
    {
        if (_blobs.Remove(key, out LinkedListNode<Blob>? node))
        {
            _order.Remove(node);
            _blocks.Deallocate((void*)node.Value.Address, LayoutOf(node.Value.Length));
        }
    }

    /// <summary>Makes room when the budget is spent; false if there is nothing left to evict.</summary>
    private bool TryEvict()
    {
        if (_order.Last is not { } oldest)
        {
            return false;
        }

        Remove(oldest.Value.Key);
        Evicted++;
        return true;
    }

    private static Layout LayoutOf(int length) => Layout.Array<byte>(length);

    private readonly record struct Blob(string Key, nint Address, int Length);
}
