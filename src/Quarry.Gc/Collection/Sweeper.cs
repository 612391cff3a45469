namespace Quarry.Gc;

/// <summary>Finds the gaps between live objects, and makes holes of them.</summary>
/// <remarks>
/// Every gap becomes a free object, so that the heap remains a sequence of objects and no dead object is
/// left whose type may be unloaded. Adjacent dead objects and holes become one hole, because only live
/// objects have a mark bit.
/// </remarks>
internal static unsafe class Sweeper
{
    // Memory is returned in pieces of at least this size, because each piece takes a system call, and may
    // divide a huge page.
    private const nuint MinPurge = 1 << 20;

    // The number of bytes of holes that are kept in memory; holes at low addresses are kept first.
    private static nuint s_retained;

    /// <summary>The size of the live objects of the last sweep.</summary>
    internal static nuint LiveBytes { get; private set; }

    /// <summary>Sweeps the whole heap.</summary>
    /// <param name="retained">The number of bytes of holes whose memory is kept.</param>
    internal static void SweepAll(nuint retained)
    {
        FreeSpace.Clear();
        s_retained = retained;
        LiveBytes = 0;
        Sweep(ManagedHeap.FirstObject, ManagedHeap.Start + ManagedHeap.UsedBytes + sizeof(nuint));
    }

    /// <summary>Prepares a sweep of the whole heap that begins when threads run.</summary>
    /// <param name="retained">The number of bytes of holes whose memory is kept.</param>
    /// <param name="live">The size of the live objects.</param>
    /// <param name="collection">The number of the collection.</param>
    internal static void SweepLater(nuint retained, nuint live, nuint collection)
    {
        FreeSpace.Clear();
        s_retained = retained;
        LiveBytes = live;
        LazySweep.Start(collection);
    }

    /// <summary>Sweeps what was allocated since the last collection.</summary>
    /// <param name="promotes">Whether all objects there become old, instead of those that are marked.</param>
    internal static void SweepYoung(bool promotes)
    {
        // The memory was used just now, and is used again soon.
        s_retained = nuint.MaxValue;
        LiveBytes = 0;
        AllocatedRanges.Sort();
        for (nuint index = 0; index < AllocatedRanges.Count; index++)
        {
            MemoryRange range = AllocatedRanges.Get(index);
            if (promotes)
            {
                Promote(range.Start, range.End);
            }
            else
            {
                Sweep(range.Start, range.End);
            }
        }
    }

    /// <summary>Marks all objects of a range, and sweeps what is between them.</summary>
    private static void Promote(byte* place, byte* end)
    {
        byte* gap = place;
        nuint size;
        for (; place < end; place += size)
        {
            MethodTable* type = ManagedObject.TypeOf((ManagedObject*)place);
            size = ManagedObject.SizeOf((ManagedObject*)place, type);
            if (FreeObject.IsType(type))
            {
                continue;
            }

            if (gap != place)
            {
                Free(gap, place);
            }

            _ = MarkBits.TrySet((nuint)(place - ManagedHeap.Start));
            LiveBytes += size;
            gap = place + size;
        }

        if (gap < end)
        {
            Free(gap, TakeFreeObject(end));
        }
    }

    /// <summary>Sweeps from an object up to the address at which the next one may start.</summary>
    private static void Sweep(byte* place, byte* end)
    {
        byte* start = ManagedHeap.Start;
        nuint limit = (nuint)(end - start);
        nuint next = (nuint)(place - start);
        nuint bytes = 0;
        for (MarkedObjects marked = new(next, limit); marked.TryNext(out nuint live);)
        {
            if (live != next)
            {
                Free(start + next, start + live);
            }

            ManagedObject* instance = (ManagedObject*)(start + live);
            nuint size = ManagedObject.SizeOf(instance, ManagedObject.TypeOf(instance));
            bytes += size;
            next = live + size;
        }

        if (next < limit)
        {
            Free(start + next, TakeFreeObject(end));
        }

        LiveBytes += bytes;
    }

    /// <summary>
    /// Takes the free object that follows what is swept, if there is one: the rest of the hole that was
    /// allocated from.
    /// </summary>
    /// <remarks>
    /// The ranges of a young collection are combined if they are adjacent, so what follows is an old object
    /// or a free one, and not swept itself. There is nothing to combine with in front of a range, apart from
    /// new memory at the end of the heap: a hole is allocated from its start, and follows an old object.
    /// </remarks>
    /// <returns>The end of the free object; the argument if there is none.</returns>
    private static byte* TakeFreeObject(byte* place)
    {
        if (place >= ManagedHeap.Start + ManagedHeap.UsedBytes
            || !FreeObject.IsType(ManagedObject.TypeOf((ManagedObject*)place)))
        {
            return place;
        }

        FreeObject* next = (FreeObject*)place;
        nuint size = FreeObject.SizeOf(next);
        if (size >= FreeSpace.MinHole)
        {
            FreeSpace.Remove(next);
        }

        return place + size;
    }

    /// <summary>Makes the memory between two objects a hole, or several if one would be too large.</summary>
    internal static void Free(byte* place, byte* end)
    {
        nuint size = (nuint)(end - place);
        Granules.Uncover(place, size);
        for (; size > FreeObject.MaxSize; size -= FreeObject.MaxSize - Granules.Size)
        {
            Keep(FreeObject.Write(place, FreeObject.MaxSize - Granules.Size));
            place += FreeObject.MaxSize - Granules.Size;

            // The memory there may have been returned, and would no longer be zero.
            Granules.Claim(place - sizeof(nuint), (byte*)((FreeObject*)place + 1));
        }

        Keep(FreeObject.Write(place, size));
    }

    private static void Keep(FreeObject* hole)
    {
        nuint size = FreeObject.SizeOf(hole);
        if (size < FreeSpace.MinHole)
        {
            return;
        }

        if (!TryRetain(size) && size >= MinPurge)
        {
            // Not the description, which stays in memory. Before another thread can take the hole.
            Granules.Purge((byte*)(hole + 1), (byte*)hole + size - sizeof(nuint));
        }

        FreeSpace.Add(hole);
    }

    // Several threads sweep.
    private static bool TryRetain(nuint size)
    {
        for (nuint seen = Atomic.Read(ref s_retained); size <= seen; seen = Atomic.Read(ref s_retained))
        {
            if (Atomic.TryReplace(ref s_retained, seen, seen - size))
            {
                return true;
            }
        }

        return false;
    }
}
