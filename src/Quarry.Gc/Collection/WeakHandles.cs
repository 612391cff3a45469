namespace Quarry.Gc;

/// <summary>Clears handles that do not keep their objects alive.</summary>
internal static unsafe class WeakHandles
{
    /// <summary>
    /// Clears short weak handles, before finalizers are considered: they do not follow an object that its
    /// finalizer keeps alive.
    /// </summary>
    /// <param name="young">Whether only objects stored since the last collection can be dead.</param>
    /// <returns>The time that it took, in nanoseconds.</returns>
    internal static ulong ClearShort(bool young)
    {
        ulong start = Os.Nanoseconds();
        ShortHandles handles = default;
        HandleTable.Visit(ref handles, young);
        return Os.Nanoseconds() - start;
    }

    /// <summary>
    /// Clears all other weak handles to objects that are dead even after finalizers were considered; of
    /// dependent handles, both objects.
    /// </summary>
    /// <param name="young">Whether only objects stored since the last collection can be dead.</param>
    /// <returns>The time that it took, in nanoseconds.</returns>
    internal static ulong ClearOthers(bool young)
    {
        ulong start = Os.Nanoseconds();
        OtherHandles handles = default;
        HandleTable.Visit(ref handles, young);
        return Os.Nanoseconds() - start;
    }

    private struct ShortHandles : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            if (HandleCell.TypeOf(cell) == HandleType.WeakShort)
            {
                _ = TryClear(cell);
            }
        }
    }

    private struct OtherHandles : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            nuint type = HandleCell.TypeOf(cell);
            if (!HandleType.IsStrong(type) && type != HandleType.WeakShort && TryClear(cell)
                && type == HandleType.Dependent)
            {
                Atomic.Write(ref HandleCell.ExtraOf(cell), 0);
            }
        }
    }

    // Exchanged, because a native thread may free the handle, and another one may reuse the cell.
    private static bool TryClear(HandleCell* cell)
    {
        nuint target = Atomic.Read(ref cell->Object);
        return target != 0 && !Marker.IsLive((ManagedObject*)target)
            && Atomic.TryReplace(ref cell->Object, target, 0);
    }
}
