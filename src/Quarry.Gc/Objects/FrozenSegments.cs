namespace Quarry.Gc;

/// <summary>The frozen segments of the process, a list that only grows: there are few.</summary>
internal static unsafe class FrozenSegments
{
    private static nuint s_first;

    /// <summary>Adds a segment.</summary>
    /// <returns>
    /// The segment, or null if out of memory, for which the runtime terminates the process.
    /// </returns>
    internal static FrozenSegment* Register(SegmentInfo* info)
    {
        if (!StateHandle<FrozenSegment>.TryCreate(out StateHandle<FrozenSegment> handle))
        {
            return null;
        }

        FrozenSegment* segment = handle.Pointer;
        segment->Start = info->Memory;
        segment->End = (nuint)(info->Memory + info->Reserved);
        nuint first;
        do
        {
            first = Atomic.Read(ref s_first);
            segment->Next = (FrozenSegment*)first;
        }
        while (!Atomic.TryReplace(ref s_first, first, (nuint)segment));
        return segment;
    }

    /// <summary>
    /// Makes a segment empty. Its description is kept, because other threads may be reading it.
    /// </summary>
    internal static void Unregister(FrozenSegment* segment) =>
        Atomic.Write(ref segment->End, (nuint)segment->Start);

    internal static bool Contain(void* address)
    {
        // Pairs with the exchange in Register: the fields are stored before a segment is in the list.
        FrozenSegment* segment = (FrozenSegment*)Atomic.Read(ref s_first);
        while (segment != null
            && (nuint)((byte*)address - segment->Start)
                >= Atomic.Read(ref segment->End) - (nuint)segment->Start)
        {
            segment = segment->Next;
        }

        return segment != null;
    }
}
