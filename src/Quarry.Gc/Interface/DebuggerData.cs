namespace Quarry.Gc;

/// <summary>The heap as debuggers see it: the structures behind <see cref="DacVariables"/>.</summary>
/// <remarks>
/// <para>
/// The layout is that of a heap with regions, of which generation 2 has all: one for the heap, if its
/// objects are one after another, which they are in the mode <c>collect</c> only, and one for each frozen
/// segment. The other generations have an empty region each, because debuggers recognize regions by their
/// difference. The debugging library finds fields by tables of offsets, so only the fields that it reads
/// exist. It reads the same structure for Server GC, as the only heap.
/// </para>
/// <para>
/// Crash dumps may be taken at any time. They contain this memory, which is always consistent enough: a list
/// of segments that only grows, and the end of the heap.
/// </para>
/// </remarks>
internal unsafe struct DebuggerData
{
    /// <summary>The number of generations, with those of large and of pinned objects.</summary>
    internal const int Generations = 5;

    /// <summary>The size of an entry of the table of generations.</summary>
    internal const int GenerationSize = 64;

    private const int FillPointers = 8, HeapFields = 19, GenerationFields = 3, ZeroBytes = 1024;
    private const int HandleBuckets = 10, MostProcessors = 1024, HandleTypes = 14;

    // An entry of the table of generations: the allocation context, which is unused, and the first segment.
    private const int FirstSegment = 56;
    private const int Missing = -1;

    private static nuint s_data;

    /// <summary>The end of the objects of the first segment.</summary>
    public nuint Allocated;

    /// <summary>The segment of the heap.</summary>
    public HeapSegment* Ephemeral;

    /// <summary>The boundaries between the parts of the list of finalizable objects.</summary>
    public ulong* FinalizeQueue;

    public void* Heap;
    public void** Heaps;
    public int HeapCount;
    public int MaxGeneration;

    /// <summary>The first of ten buckets of handle tables, of which one is in use.</summary>
    public void** HandleTables;

    public nuint MoreHandleTables;
    public nuint HandleTableIndex;

    public int Variant;

    // The segments of all generations.
    private HeapSegment _youngest;
    public HeapSegment Middle;
    private HeapSegment _oldest;
    public HeapSegment Large;
    public HeapSegment Pinned;
    private fixed ulong _fillPointers[FillPointers];
    public fixed byte Table[Generations * GenerationSize];
    public fixed int HeapOffsets[HeapFields];
    public fixed int GenerationOffsets[GenerationFields];

    /// <summary>The buckets: the address of an array with a table for each heap.</summary>
    public fixed ulong Buckets[HandleBuckets];

    /// <summary>The bucket: the array. Server GC has a heap for each processor.</summary>
    public fixed ulong Bucket[2];
    public fixed ulong HandleTableOfHeap[MostProcessors];

    /// <summary>The table: flags of types, and the first segment.</summary>
    public fixed uint HandleFlags[HandleTypes];
    public byte* HandleSegments;

    /// <summary>Everything else.</summary>
    public fixed byte Zeros[ZeroBytes];

    /// <summary>Creates the data.</summary>
    /// <returns>Null if out of memory.</returns>
    internal static DebuggerData* Create()
    {
        const int UsesRegions = 1;
        DebuggerData* data = (DebuggerData*)Os.Map(Layout.AlignUp((nuint)sizeof(DebuggerData), Os.PageSize));
        if (data == null)
        {
            return null;
        }

        s_data = (nuint)data;
        data->Variant = UsesRegions;
        data->MaxGeneration = GcHeap.OldestGeneration;
        data->Ephemeral = &data->_oldest;
        data->FinalizeQueue = data->_fillPointers;
        data->Heap = data;
        data->Heaps = &data->Heap;
        data->HeapCount = 1;
        data->HandleTables = (void**)data->Buckets;
        data->Buckets[0] = (ulong)data->Bucket;
        data->Bucket[0] = (ulong)data->HandleTableOfHeap;
        data->HandleTableOfHeap[0] = (ulong)data->HandleFlags;
        SetSegments(data);
        SetOffsets(data);
        return data;
    }

    /// <summary>Records that the heap has grown.</summary>
    internal static void SetEnd(byte* end)
    {
        DebuggerData* data = (DebuggerData*)s_data;
        Atomic.Raise(ref data->_oldest.Allocated, (nuint)end);
        Atomic.Raise(ref data->Allocated, (nuint)end);
        data->_oldest.Used = (byte*)Atomic.Read(ref data->Allocated);
        data->_oldest.Committed = data->_oldest.Used;
    }

    /// <summary>Records the first frozen segment, which leads to the others.</summary>
    internal static void SetFrozen(HeapSegment* first)
    {
        DebuggerData* data = (DebuggerData*)s_data;
        first->Heap = data;
        data->_oldest.Next = first;
    }

    /// <summary>Records the first segment of handles, which leads to the others.</summary>
    internal static void SetHandles(byte* segment) => ((DebuggerData*)s_data)->HandleSegments = segment;

    /// <summary>Records the list of finalizable objects.</summary>
    /// <param name="start">The start of the registered objects.</param>
    /// <param name="middle">Their end.</param>
    /// <param name="due">The start of the due objects; what is between it and the middle is null.</param>
    /// <param name="end">The end of the due objects.</param>
    internal static void SetFinalizers(nuint* start, nuint* middle, nuint* due, nuint* end)
    {
        // From 0 to 1 are the objects of generation 2, up to 3 those of the others, up to 4 those with a due
        // critical finalizer, which debuggers do not list, and up to 5 all due ones here.
        const int AfterOldest = 1, Due = 4;
        DebuggerData* data = (DebuggerData*)s_data;
        data->_fillPointers[0] = (ulong)start;
        for (int index = AfterOldest; index < Due; index++)
        {
            data->_fillPointers[index] = (ulong)middle;
        }

        data->_fillPointers[Due] = (ulong)due;
        for (int index = Due + 1; index < FillPointers; index++)
        {
            data->_fillPointers[index] = (ulong)end;
        }
    }

    private static void SetSegments(DebuggerData* data)
    {
        for (int generation = 0; generation < Generations; generation++)
        {
            HeapSegment* segment = &data->_youngest + generation;
            bool isHeap = generation == GcHeap.OldestGeneration;
            segment->Start = isHeap
                ? ManagedHeap.FirstObject
                : ManagedHeap.End - ((nuint)generation * Os.PageSize);
            segment->Allocated = (nuint)segment->Start;
            segment->Committed = segment->Used = segment->Start;
            segment->Reserved = isHeap ? (nuint)ManagedHeap.End : segment->Allocated;
            segment->Heap = data;
            *(HeapSegment**)(data->Table + (generation * GenerationSize) + FirstSegment) = segment;
        }

        data->Allocated = data->_oldest.Allocated;
    }

    private static void SetOffsets(DebuggerData* data)
    {
        // Fields of the heap in the order of dac_gcheap_fields.h. From the 13th on: those of concurrent
        // collections; the last one is the table of generations.
        const int FirstOfConcurrent = 12;
        for (int field = 0; field < HeapFields; field++)
        {
            data->HeapOffsets[field] = field < FirstOfConcurrent ? (int)(data->Zeros - (byte*)data) : Missing;
        }

        data->HeapOffsets[0] = (int)((byte*)&data->Allocated - (byte*)data);
        data->HeapOffsets[1] = (int)((byte*)&data->Ephemeral - (byte*)data);
        data->HeapOffsets[2] = (int)((byte*)&data->FinalizeQueue - (byte*)data);
        data->HeapOffsets[HeapFields - 1] = (int)(data->Table - (byte*)data);
        data->GenerationOffsets[0] = 0;
        data->GenerationOffsets[1] = FirstSegment;
        data->GenerationOffsets[2] = Missing;
    }
}
