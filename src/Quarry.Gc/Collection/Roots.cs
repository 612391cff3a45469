namespace Quarry.Gc;

/// <summary>Marks from stacks and registers, and from handles that keep their objects alive.</summary>
internal static unsafe class Roots
{
    // GC_CALL_INTERIOR, GC_CALL_PINNED
    private const uint Interior = 1, Pinned = 2;

    /// <summary>The number of roots and handles of the current collection that pin an object.</summary>
    internal static nuint PinnedCount { get; private set; }

    /// <summary>Marks everything that is reachable from stacks.</summary>
    internal static void MarkStacks(ScanContext* scan)
    {
        PinnedCount = 0;
        Runtime.ScanRoots(&MarkRoot, scan);
    }

    /// <summary>Marks everything that is reachable from handles that keep their objects alive.</summary>
    /// <param name="young">Whether only objects stored since the last collection can be dead.</param>
    internal static void MarkHandles(bool young)
    {
        StrongHandles handles = default;
        HandleTable.Visit(ref handles, young);
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

        // After each root, so that the stack of objects stays small.
        Marker.Mark(instance);
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
                Marker.Mark(instance);
            }
        }
    }
}
