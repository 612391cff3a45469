namespace Quarry.Gc;

/// <summary>Marks objects, and everything that they refer to.</summary>
/// <remarks>
/// Objects outside the heap are never marked, and count as live: the runtime allocates literals and types in
/// segments of its own, which do not refer to objects of the heap.
/// </remarks>
internal static unsafe class Marker
{
    /// <summary>
    /// The size of the objects that were visited; those that full stacks have dropped may count twice.
    /// </summary>
    internal static nuint CountedBytes
    {
        get
        {
            nuint bytes = 0;
            for (int index = 0; index < MarkThreads.Count; index++)
            {
                bytes += MarkThreads.Worker(index)->CountedBytes;
            }

            return bytes;
        }
    }

    /// <summary>Determines whether no object was dropped, so that the count is exact.</summary>
    internal static bool IsCountExact { get; private set; }

    private static MarkWorker<PauseMarking>* Worker => MarkThreads.Worker(0);

    /// <summary>Starts to count bytes, at the start of a collection.</summary>
    internal static void ResetCount()
    {
        IsCountExact = true;
        for (int index = 0; index < MarkThreads.Count; index++)
        {
            MarkThreads.Worker(index)->ResetCount();
        }
    }

    /// <summary>Determines whether an object is known to be live.</summary>
    internal static bool IsLive(ManagedObject* instance) =>
        !ManagedHeap.Contains(instance) || MarkBits.IsSet((nuint)instance - (nuint)ManagedHeap.Start);

    /// <summary>
    /// Marks an object, and what can be reached from it, of which other threads may mark a part meanwhile.
    /// </summary>
    internal static void Mark(ManagedObject* instance)
    {
        Push(instance);
        Drain();
    }

    /// <summary>Marks an object, from which <see cref="Drain"/> continues.</summary>
    internal static void Push(ManagedObject* instance) => Worker->Push(instance);

    /// <summary>
    /// Marks what can be reached from pushed objects, of which other threads may mark a part meanwhile.
    /// </summary>
    internal static void Drain() => _ = Worker->Drain();

    /// <summary>Marks what can be reached from the memory of an object between two offsets.</summary>
    /// <returns>The offset of the end of the object.</returns>
    internal static nuint MarkFrom(nuint offset, nuint from, nuint end)
    {
        nuint next = Worker->PushFrom(offset, from, end);
        Drain();
        return next;
    }

    /// <summary>Takes over what another worker has marked, and what it has not visited yet.</summary>
    internal static void TakeOver(MarkWorker<ConcurrentMarking>* worker) => Worker->TakeOver(worker);

    /// <summary>Waits until everything that can be reached from marked objects is marked.</summary>
    internal static void Finish()
    {
        do
        {
            MarkPool.Finish(Worker);
        }
        while (TryVisitDropped());
    }

    /// <summary>Returns memory at the end of a collection.</summary>
    internal static void Trim()
    {
        for (int index = 0; index < MarkThreads.Count; index++)
        {
            MarkThreads.Worker(index)->Trim();
        }
    }

    /// <summary>Visits objects that full stacks have dropped. Other threads are idle.</summary>
    private static bool TryVisitDropped()
    {
        MemoryRange all = default;
        for (int index = 0; index < MarkThreads.Count; index++)
        {
            if (MarkThreads.Worker(index)->TryTakeDropped(out MemoryRange range))
            {
                all.Start = all.Start == null || range.Start < all.Start ? range.Start : all.Start;
                all.End = range.End > all.End ? range.End : all.End;
            }
        }

        // After all ranges are taken: other threads take part from here on, and drop objects again.
        if (all.Start != null)
        {
            IsCountExact = false;
            Worker->VisitMarked(all);
        }

        return all.Start != null;
    }
}
