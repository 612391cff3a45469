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
        HashTable<TKey, TItem> old = this;
        Layout layout = LayoutOf(capacity, out nuint buckets);
        bool grown = HashesNeverThrow && capacity > _capacity && _capacity != 0
            && allocator.TryResize(Block, LayoutOf((uint)_capacity), layout.Size);
        void* block = grown ? Block : allocator.Allocate(layout);
        if (block == null)
        {
            return false;
        }

        HashTable<TKey, TItem> resized = this;
        resized._entries = (HashEntry<TItem>*)block - 1;
        resized._buckets = (uint*)((byte*)block + buckets);
        resized._multiplier = (ulong.MaxValue / capacity) + 1;
        resized._capacity = capacity;
        bool filled = grown;
        try
        {
            resized.Fill(old);
            filled = true;
        }
        finally
        {
            if (!filled)
            {
                allocator.Deallocate(block, layout);
            }
        }

        if (!grown)
        {
            old.Free(allocator);
        }

        this = resized;
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

    private static Layout LayoutOf(uint capacity, out nuint buckets)
    {
        // Entries are shorter than 2^31 bytes, and there are fewer than 2^31.
        Layout entries = Layout.Array<HashEntry<TItem>>((nint)capacity);
        _ = entries.TryExtend(Layout.Array<uint>((nint)capacity), out Layout layout, out buckets);
        return layout;
    }

    /// <summary>Takes the items of the old table in, whose entries may be the same.</summary>
    private void Fill(HashTable<TKey, TItem> old)
    {
        ClearBuckets();
        HashEntry<TItem>* entry = _entries + 1;
        uint number = 0;
        uint oldNumber = 0;

        // An entry is never after the one that its item is taken from.
        while (old.TryGetNext(ref oldNumber, ref entry->Item))
        {
            uint* bucket = BucketOf(*TItem.KeyOf(&entry->Item));
            entry->Next = *bucket;
            *bucket = ++number;
            entry++;
        }

        _used = number;
        _firstFree = 0;
    }
}
