namespace Quarry;

/// <summary>Allocates memory for a heap's own structures, which are freed only with the heap.</summary>
/// <remarks>
/// The first bytes are before the tables of the first region, so that a small program needs no further
/// mapping. Then the pool reserves ranges of its own, with an inaccessible page at each end: an overrun of a
/// block must not reach the free lists of a thread. If the page source has only one range, or reserving
/// fails, slices are used instead. Lock-free; a thread that is killed inside leaks the memory it was
/// allocating.
/// </remarks>
internal unsafe struct MetadataPool
{
    /// <summary>The alignment of structures that several threads touch: a cache line.</summary>
    internal const nuint LineSize = 64;

    // Enough for about 120 thread heaps. Memory is committed as it is used.
    private const nuint RangeSize = 1024 * 1024;

    private HeapBackend* _backend;
    private Range* _range;

    /// <summary>
    /// Initializes the pool with zeroed, committed memory before the tables of the first region.
    /// </summary>
    internal void Start(HeapBackend* backend, void* memory, nuint size)
    {
        _backend = backend;
        _range = (Range*)memory;
        _range->Next = LineSize;
        _range->Committed = size;
        _range->Size = size;
    }

    /// <summary>Allocates zeroed memory; returns null if out of memory.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="size">The number of bytes, less than a megabyte.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two of at least a cache line.</param>
    internal static void* Allocate(MetadataPool* pool, nuint size, nuint alignment)
    {
        size = Layout.AlignUp(size, LineSize);
        for (; ; )
        {
            Range* range = (Range*)Atomic.Read(ref *(nuint*)&pool->_range);
            nuint next = Atomic.Read(ref range->Next);
            nuint offset = Layout.AlignUp((nuint)range + next, alignment) - (nuint)range;
            if (offset + size > range->Size)
            {
                if (!TryAddRange(pool, range, size + alignment))
                {
                    return null;
                }
            }
            else if (!TryCommit(pool, range, offset + size))
            {
                return null;
            }
            else if (Atomic.TryReplace(ref range->Next, next, offset + size))
            {
                return (byte*)range + offset;
            }
        }
    }

    /// <summary>Releases the ranges, which invalidates all memory that the pool has allocated.</summary>
    internal static void Release(MetadataPool* pool)
    {
        PageSource source = pool->_backend->Supply.Source;
        Range* range = pool->_range;
        while (range != null)
        {
            Range* older = range->Older;
            if (range->Reserved != 0)
            {
                source.Release(source.State, (byte*)range - Os.PageSize, range->Reserved);
            }

            range = older;
        }
    }

    /// <summary>
    /// Returns the number of committed bytes in the ranges of the pool, without those that are part of a
    /// region.
    /// </summary>
    internal readonly nuint CommittedBytes()
    {
        nuint bytes = 0;
        for (Range* range = _range; range != null; range = range->Older)
        {
            bytes += range->Reserved == 0 ? 0 : Atomic.Read(ref range->Committed);
        }

        return bytes;
    }

    private static bool TryCommit(MetadataPool* pool, Range* range, nuint end)
    {
        nuint committed = Atomic.Read(ref range->Committed);
        if (end <= committed)
        {
            return true;
        }

        // Two threads may commit the same pages, which is harmless; the higher mark is stored.
        end = Layout.AlignUp(end, Os.PageSize);
        PageSource* source = &pool->_backend->Supply.Source;
        if (!source->Commit(source->State, (byte*)range + committed, end - committed))
        {
            return false;
        }

        Atomic.Raise(ref range->Committed, end);
        return true;
    }

    // The rest of the full range is lost. A new range is released if another thread published one first.
    private static bool TryAddRange(MetadataPool* pool, Range* full, nuint needed)
    {
        PageSource* source = &pool->_backend->Supply.Source;
        if (!source->ReservesAddressSpace)
        {
            return TryAddSlices(pool, full, needed);
        }

        nuint reserved = RangeSize < needed * 2 ? needed * 2 : RangeSize;
        reserved = Layout.AlignUp(reserved, Region.SliceSize) + (2 * Os.PageSize);
        byte* start = (byte*)source->Reserve(source->State, reserved, Os.PageSize);
        if (start == null || !source->Commit(source->State, start + Os.PageSize, Os.PageSize))
        {
            if (start != null)
            {
                source->Release(source->State, start, reserved);
            }

            return TryAddSlices(pool, full, needed);
        }

        Range* fresh = (Range*)(start + Os.PageSize);
        fresh->Reserved = reserved;
        fresh->Committed = Os.PageSize;
        fresh->Size = reserved - (2 * Os.PageSize);
        if (!TryPublish(pool, full, fresh))
        {
            source->Release(source->State, start, reserved);
        }

        return true;
    }

    private static bool TryAddSlices(MetadataPool* pool, Range* full, nuint needed)
    {
        HeapBackend* backend = pool->_backend;
        nuint count = (needed + LineSize + Region.SliceSize - 1) >> Region.Log2Slice;
        nuint slice = HeapBackend.AllocateSlices(
            backend, count, Region.SliceSize, out Region* region, out SliceRun clean);
        if (slice == Region.None)
        {
            return false;
        }

        Range* fresh = (Range*)region->AddressOf(slice);
        nuint size = count << Region.Log2Slice;
        if (clean.Count != count)
        {
            Memory.Clear(fresh, size);
        }

        fresh->Committed = size;
        fresh->Size = size;
        if (!TryPublish(pool, full, fresh))
        {
            HeapBackend.FreeSlices(backend, region, slice, count);
        }

        return true;
    }

    private static bool TryPublish(MetadataPool* pool, Range* full, Range* fresh)
    {
        fresh->Next = Layout.AlignUp((nuint)sizeof(Range), LineSize);
        fresh->Older = full;
        return Atomic.TryReplace(ref *(nuint*)&pool->_range, (nuint)full, (nuint)fresh);
    }

    private struct Range
    {
        /// <summary>The offset of the first unused byte.</summary>
        public nuint Next;

        /// <summary>The number of accessible bytes, including this header.</summary>
        public nuint Committed;

        /// <summary>The number of usable bytes, including this header.</summary>
        public nuint Size;

        /// <summary>The size of the reservation, guard pages included; 0 if it is part of a region.</summary>
        public nuint Reserved;

        /// <summary>The range that was used before this one; null for the first.</summary>
        public Range* Older;
    }
}
