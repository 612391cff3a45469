using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The stack of objects that are marked, and whose references are not visited yet.</summary>
/// <remarks>
/// <para>
/// The stack grows up to a fixed size. If it is full, or out of memory, an object is dropped: it stays
/// marked, and the lowest and the highest address of dropped objects are recorded. When the stack is empty,
/// the marked objects between those addresses are visited again. A collection therefore never fails for lack
/// of memory.
/// </para>
/// <para>
/// An entry that is popped passes through a short queue, and its memory is prefetched at the start of the
/// queue. Objects are usually not in the cache, and several of them are loaded at a time in this way.
/// </para>
/// </remarks>
internal unsafe struct MarkStack
{
    // 64 MiB of entries, or a part of the heap if addresses are scarce. The first 64 KiB are kept between
    // collections.
    private const nuint MaxEntries = 8 << 20, KeptEntries = 8 << 10, PartOfHeap = 32;

    // With this, tests drop objects in small graphs.
    private const nuint EntriesUnderStress = 16;

    // A power of two, not more than the loads from memory that a core performs at a time.
    private const uint QueueLength = 8;

    private nuint* _entries;
    private nuint _count;
    private nuint _capacity;
    private nuint _most;
    private nuint _lowest;
    private nuint _highest;
    private uint _queued;
    private uint _dequeued;
    private fixed ulong _queue[(int)QueueLength];

    /// <summary>Determines whether there is no entry.</summary>
    internal readonly bool IsEmpty => _count == 0 && _queued == _dequeued;

    /// <summary>Reserves the stack.</summary>
    /// <returns>False if out of memory.</returns>
    internal bool TryCreate(bool underStress)
    {
        PageSource pages = PageSource.Mmap();
        nuint entries = ManagedHeap.ReservedBytes / PartOfHeap / (nuint)sizeof(nuint);
        entries = entries > MaxEntries ? MaxEntries : entries;
        _entries = (nuint*)pages.Reserve(pages.State, entries * (nuint)sizeof(nuint), Os.PageSize);
        if (_entries == null || !Os.Commit(_entries, KeptEntries * (nuint)sizeof(nuint)))
        {
            return false;
        }

        _capacity = underStress ? EntriesUnderStress : KeptEntries;
        _most = underStress ? EntriesUnderStress : entries;
        _lowest = nuint.MaxValue;
        return true;
    }

    /// <summary>Pushes a <see cref="MarkEntry"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(nuint entry)
    {
        if (_count < _capacity)
        {
            _entries[_count++] = entry;
        }
        else
        {
            PushSlow(entry);
        }
    }

    /// <summary>Pops an entry, not necessarily the last one; false if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPop(out nuint entry)
    {
        if (_count == 1 && _queued == _dequeued)
        {
            // A linked list, of which only one object is known at a time: the queue would be in vain.
            entry = _entries[0];
            _count = 0;
            return true;
        }

        while (_count != 0 && _queued - _dequeued < QueueLength)
        {
            nuint popped = _entries[--_count];

            // Without effect for a part, whose entry is not an address.
            Memory.Prefetch((void*)popped);
            _queue[_queued++ % QueueLength] = popped;
        }

        if (_queued == _dequeued)
        {
            entry = 0;
            return false;
        }

        entry = (nuint)_queue[_dequeued++ % QueueLength];
        return true;
    }

    /// <summary>
    /// Moves up to half of the entries to a buffer: every other one of the oldest, because those usually lead
    /// to the most objects.
    /// </summary>
    /// <returns>The number of entries.</returns>
    internal nuint Split(nuint* entries, nuint most)
    {
        nuint moved = _count / 2 < most ? _count / 2 : most;
        for (nuint index = 0; index < moved; index++)
        {
            entries[index] = _entries[2 * index];
            _entries[index] = _entries[(2 * index) + 1];
        }

        // The latest entries fill the gap, because a copy of the whole stack would take longer.
        for (nuint index = moved; index < 2 * moved && index < _count - moved; index++)
        {
            _entries[index] = _entries[_count - 1 - (index - moved)];
        }

        _count -= moved;
        return moved;
    }

    /// <summary>Moves all entries to another stack, and the addresses of dropped objects.</summary>
    internal void MoveTo(ref MarkStack other)
    {
        while (TryPop(out nuint entry))
        {
            other.Push(entry);
        }

        other._lowest = _lowest < other._lowest ? _lowest : other._lowest;
        other._highest = _highest > other._highest ? _highest : other._highest;
        Clear();
    }

    /// <summary>Forgets all entries and dropped objects.</summary>
    internal void Clear()
    {
        _count = 0;
        _queued = _dequeued = 0;
        _ = TryTakeDropped(out _);
    }

    /// <summary>
    /// Returns the addresses between which objects were dropped, and forgets them; false if there are none.
    /// </summary>
    internal bool TryTakeDropped(out MemoryRange range)
    {
        range = new MemoryRange { Start = (byte*)_lowest, End = (byte*)_highest + 1 };
        bool any = _lowest <= _highest;
        _lowest = nuint.MaxValue;
        _highest = 0;
        return any;
    }

    /// <summary>Returns the memory of a stack that has grown, at the end of a collection.</summary>
    internal void Trim()
    {
        if (_capacity > KeptEntries)
        {
            Os.Decommit(_entries + KeptEntries, (_capacity - KeptEntries) * (nuint)sizeof(nuint));
            _capacity = KeptEntries;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PushSlow(nuint entry)
    {
        if (TryGrow())
        {
            _entries[_count++] = entry;
            return;
        }

        nuint address = (nuint)MarkEntry.ObjectOf(entry);
        _lowest = address < _lowest ? address : _lowest;
        _highest = address > _highest ? address : _highest;
    }

    private bool TryGrow()
    {
        nuint capacity = _capacity * 2;
        if (capacity > _most
            || !Os.Commit(_entries + _capacity, (capacity - _capacity) * (nuint)sizeof(nuint)))
        {
            return false;
        }

        _capacity = capacity;
        return true;
    }
}
