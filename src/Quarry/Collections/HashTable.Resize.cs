using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>The memory of the table: one block, the entries first, then the buckets.</content>
internal unsafe partial struct HashTable<TKey, TItem>
{
    /// <summary>The capacity of a table that is full and has to grow.</summary>
    internal readonly uint NextCapacity =>
        HashPrimes.AtLeast((uint)Math.Min(_capacity * 2, HashPrimes.Max));

    /// <summary>The block of a table with so much capacity.</summary>
    internal static Layout LayoutOf(uint capacity) => LayoutOf(capacity, out _);

    /// <summary>Makes the table, which lies at a fixed address, an empty one without memory.</summary>
    internal void Initialize()
    {
        _noBucket = 0;
        _buckets = (uint*)Unsafe.AsPointer(ref _noBucket);
        _entries = null;
        _multiplier = 0;
        _capacity = 0;
    }

    /// <summary>Changes the capacity, which is 0 or a prime, and not less than the count.</summary>
    /// <returns>False, and the table as it was, if the allocator cannot serve the block.</returns>
    internal bool TryResize<TAllocator>(TAllocator allocator, uint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        if (capacity == 0)
        {
            Clear();
            Free(allocator);
            Initialize();
            return true;
        }

        // What follows the count may be cut off. If the block stays as it is, the table does no less.
        bool moved = Compact();
        Layout layout = LayoutOf(capacity, out nuint buckets);
        void* block = _capacity == 0
            ? allocator.Allocate(layout)
            : allocator.Reallocate(Block, LayoutOf((uint)_capacity), layout.Size);
        if (block != null)
        {
            _entries = (HashEntry<TItem>*)block - 1;
            _buckets = (uint*)((byte*)block + buckets);
            _multiplier = (ulong.MaxValue / capacity) + 1;
            _capacity = capacity;
        }

        if (block != null || moved)
        {
            Link();
            Invalidate();
        }

        return block != null;
    }

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        if (_capacity != 0)
        {
            allocator.Deallocate(Block, LayoutOf((uint)_capacity));
        }
    }

    private readonly void* Block => _entries + 1;

    private static Layout LayoutOf(uint capacity, out nuint buckets)
    {
        // Entries are shorter than 2^31 bytes, and there are fewer than 2^31.
        Layout entries = Layout.Array<HashEntry<TItem>>((nint)capacity);
        _ = entries.TryExtend(Layout.Array<uint>((nint)capacity), out Layout layout, out buckets);
        return layout;
    }

    /// <summary>Moves the items to the front; their chains are void then.</summary>
    private bool Compact()
    {
        bool moved = _firstFree != 0;
        if (moved)
        {
            HashEntry<TItem>* to = _entries + 1;
            uint number = 0;
            while (TryGetNext(ref number, ref to->Item))
            {
                to++;
            }

            _used = (uint)Count;
            _firstFree = 0;
        }

        return moved;
    }

    /// <summary>Puts all entries, none of which is free, into their buckets.</summary>
    private readonly void Link()
    {
        ClearBuckets();
        HashEntry<TItem>* entry = _entries + 1;
        for (uint number = 1; number <= _used; number++, entry++)
        {
            uint* bucket = BucketOf(*(TKey*)&entry->Item);
            entry->Next = *bucket;
            *bucket = number;
        }
    }
}
