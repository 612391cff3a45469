namespace Quarry.Gc;

/// <summary>Marks from stacks and registers, and from handles that keep their objects alive.</summary>
internal static unsafe class Roots
{
    // GC_CALL_INTERIOR, GC_CALL_PINNED
    private const uint Interior = 1, Pinned = 2;

    /// <summary>The number of roots and handles of the current collection that pin an object.</summary>
    internal static nuint PinnedCount { get; private set; }

    /// <summary>Marks everything that is reachable from stacks.</summary>
    /// <returns>The time that the scan of the stacks took, in nanoseconds.</returns>
    internal static ulong MarkStacks(ScanContext* scan)
    {
        PinnedCount = 0;
        RootScan.Begin();
        Runtime.ScanRoots(&MarkRoot, scan);
        return RootScan.End();
    }

    /// <summary>Marks everything that is reachable from handles that keep their objects alive.</summary>
    /// <param name="young">Whether only objects stored since the last collection can be dead.</param>
    /// <returns>The time that the scan of the handles took, in nanoseconds.</returns>
    internal static ulong MarkHandles(bool young)
    {
        StrongHandles handles = default;
        RootScan.Begin();
        HandleTable.Visit(ref handles, young);
        return RootScan.End();
    }

    /// <summary>
    /// Called by the runtime with the address of each reference on a stack. Nothing moves, so the reference
    /// itself stays as it is.
    /// </summary>
    private static void MarkRoot(ManagedObject** slot, ScanContext* scan, uint flags)
    {
        ManagedObject* instance = *slot;
        if (!ManagedHeap.Contains(instance))
        {
            return;
        }

        PinnedCount += (flags & Pinned) != 0 ? 1u : 0;
        if ((flags & Interior) != 0)
        {
            instance = ObjectStarts.Find((byte*)instance);
        }

        RootScan.Add(instance);
    }

    private struct StrongHandles : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            // Native threads run, and may free a handle: the object is read once. A freed handle has none, so
            // the type that is read belongs to the object.
            nuint type = HandleCell.TypeOf(cell);
            ManagedObject* instance = (ManagedObject*)Atomic.Read(ref cell->Object);
            PinnedCount += type == HandleType.Pinned ? 1u : 0;
            if (instance != null && (HandleType.IsStrong(type)
                || (type == HandleType.RefCounted && Runtime.IsCounted(instance))))
            {
                RootScan.Add(instance);
            }
        }
    }
}
