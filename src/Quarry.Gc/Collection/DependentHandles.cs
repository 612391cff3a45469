namespace Quarry.Gc;

/// <summary>
/// Marks the second object of each dependent handle whose first object is live: the entries of
/// <c>ConditionalWeakTable</c>.
/// </summary>
/// <remarks>
/// A marked second object may be, or lead to, the first object of another handle, so the handles are
/// considered repeatedly until nothing changes. Only those that are still undecided are considered again:
/// they are kept in a list, which gets shorter each time.
/// </remarks>
internal static unsafe class DependentHandles
{
    private static WordList s_undecided;

    // The list had no memory for a handle, so that all handles have to be visited each time.
    private static bool s_isIncomplete;
    private static bool s_isYoung;
    private static bool s_hasChanged;

    /// <summary>Finds the handles whose second object is not marked yet.</summary>
    /// <param name="young">Whether only objects stored since the last collection can be dead.</param>
    /// <returns>The time that the scan of the handles took, in nanoseconds.</returns>
    internal static ulong Find(bool young)
    {
        s_isYoung = young;
        s_undecided.Clear();
        s_isIncomplete = false;
        Finder finder = default;
        RootScan.Begin();
        HandleTable.Visit(ref finder, young);
        return RootScan.End();
    }

    /// <summary>Marks second objects until nothing changes; finishes what is being marked.</summary>
    internal static void Mark()
    {
        do
        {
            Marker.Finish();
            s_hasChanged = false;
            nuint kept = 0;
            for (nuint index = 0; index < s_undecided.Count; index++)
            {
                if (!IsDecided((HandleCell*)s_undecided[index]))
                {
                    s_undecided[kept++] = s_undecided[index];
                }
            }

            s_undecided.Truncate(kept);
            if (s_isIncomplete)
            {
                Decider decider = default;
                HandleTable.Visit(ref decider, s_isYoung);
            }
        }
        while (s_hasChanged);
    }

    /// <summary>Forgets the list at the end of a collection.</summary>
    internal static void Forget() => s_undecided.Clear();

    private static bool IsDecided(HandleCell* cell)
    {
        ManagedObject* primary = (ManagedObject*)Atomic.Read(ref cell->Object);
        ManagedObject* secondary = (ManagedObject*)Atomic.Read(ref HandleCell.ExtraOf(cell));
        if (primary == null || secondary == null || Marker.IsLive(secondary))
        {
            return true;
        }

        if (!Marker.IsLive(primary))
        {
            return false;
        }

        RootScan.Add(secondary);
        s_hasChanged = true;
        return true;
    }

    private struct Finder : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            if (HandleCell.TypeOf(cell) == HandleType.Dependent && !IsDecided(cell)
                && !s_undecided.TryAdd((nuint)cell))
            {
                s_isIncomplete = true;
            }
        }
    }

    private struct Decider : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell) =>
            _ = HandleCell.TypeOf(cell) == HandleType.Dependent && IsDecided(cell);
    }
}
