namespace Quarry.Gc;

/// <summary>The frozen segments of the process, a list that only grows: there are few.</summary>
internal static unsafe class FrozenSegments
{
    private static nuint s_first;

    /// <summary>Adds a segment.</summary>
    /// <returns>
    /// The segment, or null if out of memory, for which the runtime terminates the process.
    /// </returns>
    internal static HeapSegment* Register(SegmentInfo* info)
    {
        if (!StateHandle<HeapSegment>.TryCreate(out StateHandle<HeapSegment> handle))
        {
            return null;
        }

        HeapSegment* segment = handle.Pointer;
        segment->Start = info->Memory + info->FirstObject;
        segment->Allocated = (nuint)(info->Memory + info->Allocated);
        segment->Committed = info->Memory + info->Committed;
        segment->Reserved = (nuint)(info->Memory + info->Reserved);
        segment->Used = segment->Committed;
        segment->Flags = HeapSegment.ReadOnly;
        nuint first;
        do
        {
            first = Atomic.Read(ref s_first);
            segment->Next = (HeapSegment*)first;
        }
        while (!Atomic.TryReplace(ref s_first, first, (nuint)segment));
        DebuggerData.SetFrozen(segment);
        return segment;
    }

    /// <summary>Records how far the runtime has allocated objects in a segment.</summary>
    internal static void Update(HeapSegment* segment, byte* allocated, byte* committed)
    {
        segment->Committed = committed;
        segment->Used = committed;
        Atomic.Write(ref segment->Allocated, (nuint)allocated);
    }

    /// <summary>
    /// Makes a segment empty. Its description is kept, because other threads may be reading it.
    /// </summary>
    internal static void Unregister(HeapSegment* segment)
    {
        Atomic.Write(ref segment->Allocated, (nuint)segment->Start);
        Atomic.Write(ref segment->Reserved, (nuint)segment->Start);
    }

    internal static bool Contain(void* address)
    {
        // Pairs with the exchange in Register: the fields are stored before a segment is in the list.
        HeapSegment* segment = (HeapSegment*)Atomic.Read(ref s_first);
        while (segment != null
            && (nuint)((byte*)address - segment->Start)
                >= Atomic.Read(ref segment->Reserved) - (nuint)segment->Start)
        {
            segment = segment->Next;
        }

        return segment != null;
    }
}
