namespace Quarry.Gc;

/// <summary>
/// Raises the events about a collection that tools such as <c>dotnet-trace</c> and PerfView evaluate: what
/// caused it, what was marked from where, the sizes afterwards.
/// </summary>
/// <remarks>Raised while threads are suspended, and only if a listener has enabled them.</remarks>
internal static unsafe class CollectionEvents
{
    // gc_root_kind of GCMarkWithType.
    internal const int FromStacks = 0, FromFinalizers = 1, FromHandles = 2, FromOlder = 3, FromDependents = 6,
        FromNewFinalizers = 7;

    // gc_global_mechanisms: survivors are promoted; card bundles are used.
    private const nint Promotes = 4, HasCardBundles = 16;

    // gc_generation_data: words about a generation before the collection, after it, and what survived.
    private const int Generations = DebuggerData.Generations, WordsOfGeneration = 10;
    private const int SizeBefore = 0, FreeBefore = 1, SizeAfter = 3, FreeAfter = 4, Survived = 8,
        NextBudget = 9;

    // What was marked before the current step.
    private static nuint s_marked;

    internal static void ReportTrigger(int reason)
    {
        s_marked = 0;
        if (Events.Wanted)
        {
            nint sink = Runtime.EventSink;
            _ = NativeCall.Invoke(Events.Table(sink)->FireGCTriggered, sink, reason);
        }
    }

    /// <summary>Reports the bytes that were marked since the last call.</summary>
    /// <param name="from">The kind of roots.</param>
    internal static void ReportMarked(int from)
    {
        if (Events.Wanted)
        {
            Marker.Finish();
            nuint marked = Marker.CountedBytes;
            nint sink = Runtime.EventSink;
            _ = NativeCall.Invoke(
                Events.Table(sink)->FireGCMarkWithType, sink, 0, from, (nint)(marked - s_marked));
            s_marked = marked;
        }
    }

    /// <summary>Reports what a collection was like, before its end.</summary>
    internal static void ReportHistory(CollectionRecord* record, int reason)
    {
        const int Arguments = 14;
        if (!Events.Wanted)
        {
            return;
        }

        nint* arguments = stackalloc nint[Arguments];
        nint sink = Runtime.EventSink;
        arguments[0] = sink;
        arguments[1] = (nint)YoungBudget.Size;
        arguments[2] = 1;
        arguments[3] = record->Generation;
        arguments[5] = reason;
        arguments[6] = Promotes | HasCardBundles;
        arguments[7] = GcHeap.LatencyMode;
        arguments[8] = (nint)SystemMemory.Percentage(record->MemoryLoad);

        // The rest, reasons and times of the stock collector, is zero. No values follow.
        arguments[12] = sizeof(uint);
        _ = ArrayCall.Invoke(Events.Table(sink)->FireGCGlobalHeapHistory_V4, arguments, Arguments);
    }

    /// <summary>Reports the generations before and after a collection.</summary>
    internal static void ReportGenerations(CollectionRecord* record)
    {
        const int Arguments = 17;
        if (!Events.Wanted)
        {
            return;
        }

        nint* words = stackalloc nint[Generations * WordsOfGeneration];
        nint* oldest = words + (GcHeap.OldestGeneration * WordsOfGeneration);
        words[SizeBefore] = (nint)record->YoungBefore;
        words[NextBudget] = (nint)YoungBudget.Size;
        words[(record->Generation * WordsOfGeneration) + Survived] = (nint)record->Promoted;
        oldest[SizeBefore] = (nint)(record->OldBefore + record->FreeBefore);
        oldest[FreeBefore] = (nint)record->FreeBefore;
        oldest[SizeAfter] = (nint)(record->LiveAfter + record->FreeAfter);
        oldest[FreeAfter] = (nint)record->FreeAfter;

        nint* arguments = stackalloc nint[Arguments];
        nint sink = Runtime.EventSink;
        arguments[0] = sink;

        // How the stock collector allocates survivors, decides and compacts is zero. The reasons begin with
        // the first and the final decision for a generation, of two bits each.
        arguments[8] = record->Generation | (record->Generation << 2);
        arguments[14] = Generations;
        arguments[15] = WordsOfGeneration * sizeof(nint);
        arguments[16] = (nint)words;
        _ = ArrayCall.Invoke(Events.Table(sink)->FireGCPerHeapHistory_V3, arguments, Arguments);
    }

    /// <summary>Reports the sizes after a collection, after its end.</summary>
    internal static void ReportSizes(CollectionRecord* record)
    {
        const int Arguments = 16, OfOldest = 1 + (2 * GcHeap.OldestGeneration);
        if (!Events.Wanted)
        {
            return;
        }

        nint* arguments = stackalloc nint[Arguments];
        nint sink = Runtime.EventSink;
        arguments[0] = sink;

        // Size and promoted bytes of generation 0, 1, 2, of large and of pinned objects. What survives is in
        // generation 2. The promoted bytes are those of the generation from which they came.
        arguments[OfOldest] = (nint)(record->LiveAfter + record->FreeAfter);
        arguments[record->Generation == 0 ? 2 : OfOldest + 1] = (nint)record->Promoted;
        arguments[11] = (nint)record->FinalizersBytes;
        arguments[12] = (nint)record->FinalizersDue;
        arguments[13] = (nint)record->Pinned;
        arguments[14] = (nint)Runtime.SyncBlockCount();
        arguments[15] = (nint)HandleTable.Count();
        _ = ArrayCall.Invoke(Events.Table(sink)->FireGCHeapStats_V2, arguments, Arguments);
    }
}
