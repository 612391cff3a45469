namespace Quarry.Gc;

/// <summary>Marks from handles while threads run.</summary>
/// <remarks>
/// Threads may create, change and free handles at the same time. An object that is read from a handle and is
/// old exists, even if the handle was freed: in the worst case it is marked in vain. What is missed here is
/// found when threads are suspended.
/// </remarks>
internal static unsafe class ConcurrentRoots
{
    /// <summary>Marks from handles that keep their object alive unconditionally.</summary>
    internal static void MarkStrong(MarkWorker<ConcurrentMarking>* worker)
    {
        StrongHandles handles = new(worker);
        HandleTable.VisitConcurrently(ref handles);
    }

    /// <summary>
    /// Marks the second object of dependent handles whose first object is marked, until nothing changes.
    /// </summary>
    internal static void MarkDependent(MarkWorker<ConcurrentMarking>* worker)
    {
        DependentHandles handles = new(worker);
        do
        {
            HandleTable.VisitConcurrently(ref handles);
        }
        while (!worker->IsIdle && worker->Drain());
    }

    private readonly struct StrongHandles(MarkWorker<ConcurrentMarking>* worker) : IHandleVisitor
    {
        public void Visit(HandleCell* cell)
        {
            if (!ConcurrentMark.MustStop && HandleType.IsStrong(HandleCell.TypeOf(cell)))
            {
                worker->Push((ManagedObject*)Atomic.Read(ref cell->Object));
                _ = worker->Drain();
            }
        }
    }

    private readonly struct DependentHandles(MarkWorker<ConcurrentMarking>* worker) : IHandleVisitor
    {
        public void Visit(HandleCell* cell)
        {
            if (!ConcurrentMark.MustStop && HandleCell.TypeOf(cell) == HandleType.Dependent
                && NextMarks.IsLive((ManagedObject*)Atomic.Read(ref cell->Object)))
            {
                worker->Push((ManagedObject*)Atomic.Read(ref HandleCell.ExtraOf(cell)));
            }
        }
    }
}
