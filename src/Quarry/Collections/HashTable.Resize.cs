using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>The memory of the table: one block, the entries first, then the buckets.</content>
internal unsafe partial struct HashTable<TKey, TItem>
{
    // What is worth a block of its own, in bytes: a cache line.
    private const uint FirstSize = 64;

    /// <summary>The capacity of a table that is full and has to grow.</summary>
    internal readonly uint NextCapacity => HashPrimes.AtLeast(
        Math.Max((uint)Math.Min(_capacity * 2, HashPrimes.Max), FirstSize / BytesPerItem));

    /// <summary>The block of a table with so much capacity.</summary>
    internal static Layout LayoutOf(uint capacity)
    {
        // Always a layout: entries are shorter than 2^31 bytes, and there are fewer than 2^31.
        _ = Layout.TryCreate(
            (nuint)capacity * BytesPerItem, Layout.AlignmentOf<HashEntry<TItem>>(), out Layout layout);
        return layout;
    }

    /// <summary>Makes the table, which lies at a fixed address, an empty one without memory.</summary>
    internal void Initialize()
    {
        this = new HashTable<TKey, TItem> { Version = Version + 1, _noBucket = 0 };
        _buckets = (uint*)Unsafe.AsPointer(ref _noBucket);
    }

    /// <summary>Changes the capacity, which is a prime, and not less than the count.</summary>
    /// <returns>False, and the table as it was, if the allocator cannot serve the block.</returns>
    /// <remarks>
    /// If the hash code of a key throws, the table is as it was.
    /// A block that cannot grow where it lies is replaced, not reallocated. All of it is walked in any case,
    /// so an allocator that remaps instead of copying saves nothing, and the pages it gets are fresh ones:
    /// filling a table with a million entries again and again took up to three times as long.
    /// </remarks>
    internal bool TryResize<TAllocator>(TAllocator allocator, uint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        Layout layout = LayoutOf(capacity);
        bool grown = HashesNeverThrow && capacity > _capacity && _capacity != 0
            && allocator.TryResize(Block, LayoutOf((uint)_capacity), layout.Size);
        void* block = grown ? Block : allocator.Allocate(layout);
        if (block == null)
        {
            return false;
        }

        HashEntry<TItem>* entries = (HashEntry<TItem>*)block - 1;
        uint* buckets = (uint*)(entries + 1 + capacity);
        ulong multiplier = (ulong.MaxValue / capacity) + 1;
        if (HashesNeverThrow)
        {
            Fill(entries, buckets, multiplier, capacity);
        }
        else
        {
            FillOrFree(allocator, entries, buckets, multiplier, capacity);
        }

        if (!grown)
        {
            Free(allocator);
        }

        _entries = entries;
        _buckets = buckets;
        _multiplier = multiplier;
        _capacity = capacity;
        _used = (uint)Count;
        _firstFree = 0;
        Invalidate();
        return true;
    }

    /// <summary>
    /// Whether computing hash codes cannot fail, so that a table may be filled again where it lies. If the
    /// hash code of a user's type throws, the old table must still be whole.
    /// </summary>
    private static bool HashesNeverThrow =>
        typeof(TKey).IsPrimitive || typeof(TKey).IsEnum || typeof(TKey) == typeof(Guid);

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        if (_capacity != 0)
        {
            allocator.Deallocate(Block, LayoutOf((uint)_capacity));
        }
    }

    private readonly void* Block => _entries + 1;

    // The entry and its bucket.
    private static uint BytesPerItem => (uint)sizeof(HashEntry<TItem>) + sizeof(uint);

    /// <summary>Copies the items into a new block, which may begin with the entries of the old one.</summary>
    private readonly void Fill(
        HashEntry<TItem>* entries, uint* buckets, ulong multiplier, uint capacity)
    {
        HashEntry<TItem>* from = _entries;
        uint end = _used;
        Memory.Clear(buckets, (nuint)capacity * sizeof(uint));

        // An entry is never after the one that its item is taken from.
        uint number = 0;
        for (uint old = 1; old <= end; old++)
        {
            if (!from[old].IsUsed)
            {
                continue;
            }

            HashEntry<TItem>* entry = entries + ++number;
            entry->Item = from[old].Item;
            uint* bucket = BucketOf(*TItem.KeyOf(&entry->Item), buckets, multiplier, capacity);
            entry->Next = *bucket;
            *bucket = number;
        }
    }

    /// <summary>Likewise; frees the new block if the hash code of a key throws.</summary>
    private readonly void FillOrFree<TAllocator>(
        TAllocator allocator, HashEntry<TItem>* entries, uint* buckets, ulong multiplier, uint capacity)
        where TAllocator : unmanaged, IAllocator
    {
        bool filled = false;
        try
        {
            Fill(entries, buckets, multiplier, capacity);
            filled = true;
        }
        finally
        {
            if (!filled)
            {
                allocator.Deallocate(entries + 1, LayoutOf(capacity));
            }
        }
    }
}
