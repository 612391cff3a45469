namespace Quarry.Gc;

/// <summary>The heap in the mode <c>collect</c>: one sequence of objects and free objects.</summary>
/// <remarks>
/// <para>
/// A thread allocates from a quantum, which is a hole between objects, or new memory at the end of the heap.
/// When it leaves a quantum, a free object fills the rest. While threads are suspended, and their quanta are
/// left, the heap has no gaps: <see cref="HeapWalk"/> reads it as a single run.
/// </para>
/// <para>
/// A thread that calls the heap is in cooperative mode, so no collection happens between the moment at which
/// a hole is taken and the moment at which its object has a type, except where this class starts one.
/// </para>
/// </remarks>
internal static unsafe class CollectedHeap
{
    // Quanta that fit into the first-level or second-level cache: their memory is cleared, then used.
    private const nuint MaxQuantum = 64 << 10;

    // GC_ALLOC_FLAGS
    private const uint FlagReferences = 2, FlagUninitialized = 16;

    /// <summary>The size of all objects that survived the last collection.</summary>
    internal static nuint LiveBytes { get; private set; }

    /// <summary>The size of the holes that are known, without those returned to the system.</summary>
    internal static nuint HoleBytes => FreeSpace.Bytes - Granules.PurgedBytes;

    /// <summary>The committed memory without what is returned to the system.</summary>
    internal static nuint ResidentBytes => ManagedHeap.CommittedBytes - Granules.PurgedBytes;

    /// <summary>Creates the run that contains all objects.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate() => ManagedHeap.AllocateRun((nuint)sizeof(ObjectRun)) != null;

    /// <summary>Allocates memory for an object, and collects if it is time or if there is none.</summary>
    /// <returns>The zeroed memory of the object; null if out of memory.</returns>
    internal static byte* Allocate(AllocationContext* context, nuint size, uint flags, bool large)
    {
        nuint seen = Collector.FullCollections;
        byte* place = TryAllocate(context, size, flags, large);
        if (place == null && HeapLimit.CanAllow(size))
        {
            Collector.CollectForSpace(seen);
            place = TryAllocate(context, size, flags, large);
        }

        return place;
    }

    /// <summary>Fills the quantum of a thread that exits, and keeps the rest for another thread.</summary>
    internal static void Retire(AllocationContext* context)
    {
        byte* next = context->Next;
        byte* limit = context->Limit;

        // The runtime itself subtracts the unused bytes of exited threads from the total of allocated bytes.
        ManagedHeap.CountUnused(Leave(context));
        UnusedQuanta.Add(next, limit, run: null);
        context->Holes.Clear();
        Budget.CountExitedThread();
    }

    /// <summary>
    /// Fills the quanta of all threads, which must be suspended, and makes the heap walkable.
    /// </summary>
    internal static void RetireAll()
    {
        Runtime.EnumerateContexts(&RetireOne);
        UnusedQuanta.Clear();
        ((ObjectRun*)ManagedHeap.Start)->Size = ManagedHeap.UsedBytes;
    }

    /// <summary>Describes the heap at the start of a collection, when all quanta are left.</summary>
    internal static void DescribeBefore(CollectionRecord* record)
    {
        record->YoungBefore = Budget.Allocated;
        record->OldBefore = LiveBytes;
        record->FreeBefore = HoleBytes;
        FreeSpace.TakeCounts(out record->Requests, out record->HolesTaken);
    }

    /// <summary>Updates sizes and budgets after the sweep.</summary>
    internal static void Update(bool full, CollectionRecord* record)
    {
        nuint survived = Sweeper.LiveBytes;
        LiveBytes = full ? survived : LiveBytes + survived;
        record->MemoryLoad = full ? SystemMemory.UsedBytes() : CollectionHistory.Last(kind: 0).MemoryLoad;
        Budget.Update(record, survived, LiveBytes);
        ManagedHeap.SetInUse(LiveBytes);
        record->LiveAfter = LiveBytes;
        record->Promoted = survived;
        record->Pinned = Roots.PinnedCount;
        record->FinalizersDue = FinalizerQueue.DueCount;
    }

    /// <summary>Describes the memory without objects, as far as it is known.</summary>
    internal static void DescribeAfter(CollectionRecord* record)
    {
        record->FreeAfter = LazySweep.IsPending
            ? ManagedHeap.UsedBytes - LiveBytes - Granules.PurgedBytes
            : HoleBytes;
        record->Committed = ResidentBytes;
    }

    private static byte* TryAllocate(AllocationContext* context, nuint size, uint flags, bool large)
    {
        bool alone = large || size >= ManagedHeap.LargeObject;
        if (!alone && size <= (nuint)(context->Limit - context->Next))
        {
            // The quantum has room, but the object has a finalizer or is sampled.
            return Place(context, size);
        }

        if (Budget.IsDue)
        {
            Collector.CollectForBudget();
        }

        return alone
            ? AllocateAlone(context, size, flags, large)
            : AllocateFromNextQuantum(context, size);
    }

    private static byte* AllocateAlone(AllocationContext* context, nuint size, uint flags, bool large)
    {
        if (TryTake(size, size, out Hole hole, out _))
        {
            if ((flags & (FlagUninitialized | FlagReferences)) == FlagUninitialized)
            {
                // The program overwrites the elements, but not the header and what surrounds the length.
                Memory.Clear(hole.Place - sizeof(nuint), (nuint)sizeof(FreeObject));
            }
            else
            {
                Hole.Clear(&hole);
            }

            if (hole.Size > size)
            {
                _ = FreeObject.Write(hole.Place + size, hole.Size - size);
            }
        }
        else if (!TryExtend(size, out hole))
        {
            return null;
        }

        Granules.Cover(hole.Place, size);
        ObjectStarts.Add(hole.Place);
        Acquire(&hole);
        if (large)
        {
            context->LargeBytes += (long)size;
        }
        else
        {
            context->SmallBytes += (long)size;
        }

        ManagedHeap.CountAllocated(size, large, hole.Place, size);
        return hole.Place;
    }

    private static byte* AllocateFromNextQuantum(AllocationContext* context, nuint size)
    {
        // The memory is in the list of acquired ranges already, and counted.
        if (context->Next == null && UnusedQuanta.TryReuse(context, size, out _))
        {
            *(FreeObject*)context->Next = default;
            return ManagedHeap.PlaceFirst(context, size);
        }

        // The rest can always be filled.
        nuint least = size + FreeObject.MinSize;
        if (context->Holes.TryTake(least, out Hole hole))
        {
            Hole.Clear(&hole);
        }
        else if (!TryAcquireQuantum(context, least, out hole))
        {
            return null;
        }

        ManagedHeap.Uncount(Leave(context));
        ObjectStarts.Add(hole.Place);
        context->Next = hole.Place;
        context->Limit = hole.Place + hole.Size - FreeObject.MinSize;
        return ManagedHeap.PlaceFirst(context, size);
    }

    /// <summary>Acquires memory for the next quantum, and for those after it if holes are small.</summary>
    private static bool TryAcquireQuantum(AllocationContext* context, nuint least, out Hole hole)
    {
        nuint quantum = ManagedHeap.NextSize(context);
        quantum = quantum > MaxQuantum ? MaxQuantum : quantum;
        quantum = quantum < least ? least : quantum;
        if (TryTake(least, quantum, out Hole taken, out FreeObject* others))
        {
            Hole.Clear(&taken);
            Acquire(others);
            context->Holes.Add(others);
        }
        else if (!TryExtend(quantum, out taken) && (quantum == least || !TryExtend(least, out taken)))
        {
            hole = default;
            return false;
        }

        Acquire(&taken);
        hole = taken;
        return true;
    }

    /// <summary>Takes holes, for which memory is swept if necessary.</summary>
    private static bool TryTake(nuint least, nuint most, out Hole hole, out FreeObject* others)
    {
        do
        {
            if (FreeSpace.TryTake(least, most, out hole, out others))
            {
                return true;
            }
        }
        while (LazySweep.TryHelp());
        return false;
    }

    /// <summary>Takes new memory at the end of the heap, which is zero.</summary>
    private static bool TryExtend(nuint size, out Hole hole)
    {
        ObjectRun* memory = ManagedHeap.AllocateRun(size);
        hole = default;
        hole.Place = (byte*)memory + sizeof(nuint);
        hole.Size = size;
        if (memory == null)
        {
            return false;
        }

        DebuggerData.SetEnd(hole.Place + size);
        return true;
    }

    private static void Acquire(Hole* hole)
    {
        AllocatedRanges.Add(hole->Place, hole->Size);
        Budget.Count(hole->Size);
    }

    private static void Acquire(FreeObject* holes)
    {
        if (holes == null)
        {
            return;
        }

        AllocatedRanges.Add(holes);
        nuint bytes = 0;
        for (FreeObject* hole = holes; hole != null; hole = hole->Next)
        {
            bytes += FreeObject.SizeOf(hole);
        }

        Budget.Count(bytes);
    }

    private static byte* Place(AllocationContext* context, nuint size)
    {
        byte* place = context->Next;
        context->Next = place + size;
        return place;
    }

    private static void RetireOne(AllocationContext* context, void* argument)
    {
        ManagedHeap.Uncount(Leave(context));
        context->Holes.Clear();
    }

    /// <summary>Fills the rest of a thread's quantum.</summary>
    /// <returns>The number of bytes that were counted as allocated to the thread, and are not.</returns>
    private static nuint Leave(AllocationContext* context)
    {
        if (context->Next == null)
        {
            return 0;
        }

        nuint left = (nuint)(context->Limit - context->Next);
        _ = FreeObject.Write(context->Next, left + FreeObject.MinSize);
        context->SmallBytes -= (long)left;
        context->Next = null;
        context->Limit = null;
        return left;
    }
}
