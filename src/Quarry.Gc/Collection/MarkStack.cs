using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The stack of objects that are marked, and whose references are not visited yet.</summary>
/// <remarks>
/// <para>
/// It grows up to a fixed size. If it is full, or out of memory, an object is dropped: it stays marked, and
/// the lowest and the highest address of dropped objects are recorded. When the stack is empty, the marked
/// objects between those addresses are visited again. A collection therefore never fails for lack of memory.
/// </para>
/// <para>
/// A large object is visited in slices. Between two of them, its entry is followed by the address of the next
/// slice, so the stack does not grow with the length of an array.
/// </para>
/// </remarks>
internal static unsafe class MarkStack
{
    // 64 MiB of entries, or a part of the heap if addresses are scarce. The first 64 KiB are kept between
    // collections.
    private const nuint MaxEntries = 8 << 20, KeptEntries = 8 << 10, PartOfHeap = 32;

    // With this, tests drop objects in small graphs.
    private const nuint EntriesUnderStress = 16;

    // Marks the entry of an object that is visited in slices. Addresses are multiples of 8.
    private const nuint Sliced = 1;

    private static nuint* s_entries;
    private static nuint s_count;
    private static nuint s_capacity;
    private static nuint s_most;
    private static nuint s_lowest;
    private static nuint s_highest;

    /// <summary>Reserves the stack.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate(bool underStress)
    {
        PageSource pages = PageSource.Mmap();
        nuint entries = ManagedHeap.ReservedBytes / PartOfHeap / (nuint)sizeof(nuint);
        entries = entries > MaxEntries ? MaxEntries : entries;
        s_entries = (nuint*)pages.Reserve(pages.State, entries * (nuint)sizeof(nuint), Os.PageSize);
        if (s_entries == null || !Os.Commit(s_entries, KeptEntries * (nuint)sizeof(nuint)))
        {
            return false;
        }

        s_capacity = underStress ? EntriesUnderStress : KeptEntries;
        s_most = underStress ? EntriesUnderStress : entries;
        s_lowest = nuint.MaxValue;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Push(ManagedObject* instance)
    {
        if (s_count < s_capacity)
        {
            s_entries[s_count++] = (nuint)instance;
        }
        else
        {
            PushSlow(instance);
        }
    }

    /// <summary>Pushes an object of which a part is visited.</summary>
    internal static void PushRest(ManagedObject* instance, byte* next)
    {
        if (s_count + 2 <= s_capacity || (TryGrow() && s_count + 2 <= s_capacity))
        {
            s_entries[s_count++] = (nuint)next;
            s_entries[s_count++] = (nuint)instance | Sliced;
        }
        else
        {
            Drop(instance);
        }
    }

    /// <summary>Pops an object.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="next">The address at which to continue; null to visit the whole object.</param>
    /// <returns>False if the stack is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryPop(out ManagedObject* instance, out byte* next)
    {
        next = null;
        if (s_count == 0)
        {
            instance = null;
            return false;
        }

        nuint entry = s_entries[--s_count];
        if ((entry & Sliced) != 0)
        {
            next = (byte*)s_entries[--s_count];
            entry &= ~Sliced;
        }

        instance = (ManagedObject*)entry;
        return true;
    }

    /// <summary>
    /// Returns the addresses between which objects were dropped, and forgets them; false if there are none.
    /// </summary>
    internal static bool TryTakeDropped(out MemoryRange range)
    {
        range = new MemoryRange { Start = (byte*)s_lowest, End = (byte*)s_highest + 1 };
        bool any = s_lowest <= s_highest;
        s_lowest = nuint.MaxValue;
        s_highest = 0;
        return any;
    }

    /// <summary>Returns the memory of a stack that has grown, at the end of a collection.</summary>
    internal static void Trim()
    {
        if (s_capacity > KeptEntries)
        {
            Os.Decommit(s_entries + KeptEntries, (s_capacity - KeptEntries) * (nuint)sizeof(nuint));
            s_capacity = KeptEntries;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PushSlow(ManagedObject* instance)
    {
        if (TryGrow())
        {
            s_entries[s_count++] = (nuint)instance;
        }
        else
        {
            Drop(instance);
        }
    }

    private static void Drop(ManagedObject* instance)
    {
        nuint address = (nuint)instance;
        s_lowest = address < s_lowest ? address : s_lowest;
        s_highest = address > s_highest ? address : s_highest;
    }

    private static bool TryGrow()
    {
        nuint capacity = s_capacity * 2;
        if (capacity > s_most
            || !Os.Commit(s_entries + s_capacity, (capacity - s_capacity) * (nuint)sizeof(nuint)))
        {
            return false;
        }

        s_capacity = capacity;
        return true;
    }
}
