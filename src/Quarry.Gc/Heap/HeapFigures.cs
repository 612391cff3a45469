namespace Quarry.Gc;

/// <summary>The figures of the heap, in bytes. The layout is known to the managed companion.</summary>
internal unsafe struct HeapFigures
{
    /// <summary>Given to threads; what they have not used yet is in it.</summary>
    public nuint InUse;

    /// <summary>Taken from the address space: what was handed out, and what was lost between.</summary>
    public nuint Used;

    public nuint Committed;

    public nuint Reserved;

    /// <summary>0 for none.</summary>
    public nuint Limit;

    internal static void Take(HeapFigures* figures)
    {
        figures->InUse = ManagedHeap.InUseBytes;
        figures->Used = ManagedHeap.UsedBytes;
        figures->Committed = ManagedHeap.CommittedBytes;
        figures->Reserved = ManagedHeap.ReservedBytes;
        figures->Limit = Budget.LimitBytes;
    }
}
