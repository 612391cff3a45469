namespace Quarry.Gc;

/// <summary>The frozen segments of the process. There are few, and they are never taken back.</summary>
internal static unsafe class FrozenSegments
{
    private static nuint s_first;

    /// <summary>
    /// Remembers a segment; null, which ends the process, only if there is no memory for that.
    /// </summary>
    internal static FrozenSegment* Register(SegmentInfo* info)
    {
        if (!StateHandle<FrozenSegment>.TryCreate(out StateHandle<FrozenSegment> handle))
        {
            return null;
        }

        FrozenSegment* segment = handle.Pointer;
        segment->Start = info->Memory;
        segment->Allocated = info->Memory + info->Allocated;
        segment->End = info->Memory + info->Reserved;
        nuint first;
        do
        {
            first = Atomic.Read(ref s_first);
            segment->Next = (FrozenSegment*)first;
        }
        while (!Atomic.TryReplace(ref s_first, first, (nuint)segment));
        return segment;
    }

    internal static bool Contain(void* address)
    {
        FrozenSegment* segment = (FrozenSegment*)Atomic.Read(ref s_first);
        while (segment != null
            && (nuint)((byte*)address - segment->Start) >= (nuint)(segment->End - segment->Start))
        {
            segment = segment->Next;
        }

        return segment != null;
    }
}
