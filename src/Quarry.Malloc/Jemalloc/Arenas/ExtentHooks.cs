using System.Runtime.InteropServices;

namespace Quarry.Malloc;

/// <summary>
/// jemalloc's <c>extent_hooks_t</c>: the functions of a program that provide the memory of an arena.
/// </summary>
/// <remarks>
/// <para>
/// Functions that return <c>bool</c> return true if they failed or refuse. All but the first may be null. The
/// first argument is the very pointer that the program installed, because it may embed the structure in
/// another one.
/// </para>
/// <para>
/// The functions may allocate. Their thread is in a slow path of the arena at that moment, so its thread word
/// is its thread heap in arena 0 until they return.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ExtentHooks
{
    private void* _alloc, _dalloc, _destroy, _commit, _decommit, _purgeLazy, _purgeForced, _split, _merge;

    /// <summary>Determines whether the mandatory function is missing.</summary>
    internal readonly bool IsIncomplete => _alloc == null;

    internal static void* Allocate(
        ExtentHooks* hooks, nuint size, nuint alignment, bool* zero, bool* commit, uint arena)
    {
        ThreadHeap* word = Enter();
        void* start = (void*)NativeCall.Invoke(
            hooks->_alloc, (nint)hooks, 0, (nint)size, (nint)alignment, (nint)zero, (nint)commit,
            (nint)arena);
        Leave(word);
        return start;
    }

    internal static bool TryDeallocate(ExtentHooks* hooks, in Extent extent, uint arena) =>
        Call(hooks, hooks->_dalloc, extent, extent.IsCommitted ? 1 : 0, (nint)arena, 0);

    internal static void Destroy(ExtentHooks* hooks, in Extent extent, uint arena) =>
        _ = Call(hooks, hooks->_destroy, extent, extent.IsCommitted ? 1 : 0, (nint)arena, 0);

    internal static bool TryCommit(ExtentHooks* hooks, in Extent extent, uint arena) =>
        Call(hooks, hooks->_commit, extent, 0, (nint)extent.Size, (nint)arena);

    internal static bool TryDecommit(ExtentHooks* hooks, in Extent extent, uint arena) =>
        Call(hooks, hooks->_decommit, extent, 0, (nint)extent.Size, (nint)arena);

    internal static bool TryPurgeLazily(ExtentHooks* hooks, in Extent extent, uint arena) =>
        Call(hooks, hooks->_purgeLazy, extent, 0, (nint)extent.Size, (nint)arena);

    /// <summary>If this succeeds, the memory reads as zeros.</summary>
    internal static bool TryPurge(ExtentHooks* hooks, in Extent extent, uint arena) =>
        Call(hooks, hooks->_purgeForced, extent, 0, (nint)extent.Size, (nint)arena);

    internal static bool TrySplit(ExtentHooks* hooks, in Extent extent, nuint first, uint arena)
    {
        if (hooks->_split == null)
        {
            return false;
        }

        ThreadHeap* word = Enter();
        nint refused = NativeCall.Invoke(
            hooks->_split, (nint)hooks, (nint)extent.Start, (nint)extent.Size, (nint)first,
            (nint)(extent.Size - first), extent.IsCommitted ? 1 : 0, (nint)arena);
        Leave(word);
        return (byte)refused == 0;
    }

    internal static bool TryMerge(ExtentHooks* hooks, in Extent first, in Extent second, uint arena)
    {
        if (hooks->_merge == null)
        {
            return false;
        }

        ThreadHeap* word = Enter();
        nint refused = NativeCall.Invoke(
            hooks->_merge, (nint)hooks, (nint)first.Start, (nint)first.Size, (nint)second.Start,
            (nint)second.Size, first.IsCommitted ? 1 : 0, (nint)arena);
        Leave(word);
        return (byte)refused == 0;
    }

    /// <summary>Fills in the functions of arenas without hooks, which programs read and may copy.</summary>
    internal static void FillDefault(ExtentHooks* hooks)
    {
        hooks->_alloc = (delegate*<void*, void*, nuint, nuint, bool*, bool*, uint, void*>)
            &DefaultHooks.Allocate;
        hooks->_dalloc = (delegate*<void*, void*, nuint, bool, uint, bool>)&DefaultHooks.Deallocate;
        hooks->_destroy = (delegate*<void*, void*, nuint, bool, uint, void>)&DefaultHooks.Destroy;
        hooks->_commit = (delegate*<void*, void*, nuint, nuint, nuint, uint, bool>)&DefaultHooks.Commit;
        hooks->_decommit = (delegate*<void*, void*, nuint, nuint, nuint, uint, bool>)&DefaultHooks.Decommit;
        hooks->_purgeLazy = (delegate*<void*, void*, nuint, nuint, nuint, uint, bool>)&DefaultHooks.Purge;
        hooks->_purgeForced = hooks->_purgeLazy;
        hooks->_split = (delegate*<void*, void*, nuint, nuint, nuint, bool, uint, bool>)&DefaultHooks.Split;
        hooks->_merge = (delegate*<void*, void*, nuint, void*, nuint, bool, uint, bool>)&DefaultHooks.Merge;
    }

    // The arguments after the address and the size are those of the function; surplus ones are ignored.
    private static bool Call(
        ExtentHooks* hooks, void* function, in Extent extent, nint third, nint fourth, nint fifth)
    {
        if (function == null)
        {
            return false;
        }

        ThreadHeap* word = Enter();
        nint refused = NativeCall.Invoke(
            function, (nint)hooks, (nint)extent.Start, (nint)extent.Size, third, fourth, fifth);
        Leave(word);
        return (byte)refused == 0;
    }

    private static ThreadHeap* Enter()
    {
        ThreadHeap* word = ThreadWord.ProcessHeap;
        ThreadHeap* home = ThreadHeap.HomeOf(ThreadWord.Own);
        if (home->Heap != null)
        {
            home->InSource = true;
            ThreadWord.ProcessHeap = home;
        }

        return word;
    }

    private static void Leave(ThreadHeap* word)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(ThreadWord.Own);
        if (home->Heap != null)
        {
            home->InSource = false;
            ThreadWord.ProcessHeap = word;
        }
    }
}
