using System;

namespace Quarry.Malloc;

/// <summary>The controls of one arena, <c>arena.#.*</c>.</summary>
internal static unsafe class ArenaNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("arena.#.initialized"u8, MallctlType.Boolean)
            ? node.Return(
                node.First == Arenas.Destroyed ? Snapshots.HasDestroyed
                : Arenas.IsAll(node.First) || Arenas.HeapOf(node.First) != null)
            : 0,
        1 => node.Is("arena.#.purge"u8, MallctlType.Void, MallctlAccess.Action)
            ? Purge(node.First, all: true)
            : 0,
        2 => node.Is("arena.#.decay"u8, MallctlType.Void, MallctlAccess.Action)
            ? Purge(node.First, all: false)
            : 0,

        3 => node.Is("arena.#.reset"u8, MallctlType.Void, MallctlAccess.Action)
            ? Arenas.Reset(node.First)
            : 0,
        4 => node.Is("arena.#.destroy"u8, MallctlType.Void, MallctlAccess.Action)
            ? Arenas.Destroy(node.First)
            : 0,
        5 => node.Is("arena.#.dss"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.Writes ? SetDss((byte*)node.Input) : node.ReturnText("disabled\0"u8)
            : 0,
        6 => node.Is("arena.#.dirty_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? DecayControls.Dirty(ref node)
            : 0,
        7 => node.Is("arena.#.muzzy_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? DecayControls.Muzzy(ref node)
            : 0,
        8 => node.Is("arena.#.name"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? Name(ref node, Arenas.Find(node.First))
            : 0,
        9 => node.Is("arena.#.retain_grow_limit"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? GrowLimit(ref node, Arenas.Find(node.First))
            : 0,
        10 => node.Is("arena.#.oversize_threshold"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? OversizeThreshold(ref node, Arenas.Find(node.First))
            : 0,
        11 => node.Is("arena.#.extent_hooks"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? Hooks(ref node, Arenas.Find(node.First))
            : 0,
        12 => node.Is("arena.#.limit"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? Limit(ref node, Arenas.HeapOf(node.First))
            : 0,
        _ => node.End(),
    };

    private static int Purge(nuint index, bool all)
    {
        if (index == Arenas.Destroyed)
        {
            return MallctlError.Fault;
        }

        ThreadHeap* own = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (own == null)
        {
            return MallctlError.TryAgain;
        }

        nuint first = Arenas.IsAll(index) ? 0 : index;
        nuint last = Arenas.IsAll(index) ? Arenas.Count - 1 : index;

        // No arena may be destroyed meanwhile.
        Arenas.Lock();
        for (nuint at = first; at <= last; at++)
        {
            // As in jemalloc, nothing happens to an arena that was destroyed.
            HeapState* heap = Arenas.HeapOf(at);
            if (heap != null)
            {
                Purge(own, heap, all);
            }
        }

        Arenas.Unlock();
        return MallctlError.None;
    }

    private static void Purge(ThreadHeap* own, HeapState* heap, bool all)
    {
        if (all)
        {
            _ = ArenaThreads.Trim(own, heap);
        }
        else if (heap->Backend.DecayMilliseconds > 0)
        {
            _ = heap->Backend.Step(Os.Milliseconds());
        }
    }

    /// <summary>
    /// Both values are the address of a pointer: the name is copied to where the old one points, and from
    /// where the new one points.
    /// </summary>
    private static int Name(ref MallctlNode node, Arena* arena)
    {
        if (arena == null || (node.Writes && node.Input == 0))
        {
            return arena == null ? MallctlError.Fault : MallctlError.InvalidArgument;
        }

        if (node.Writes)
        {
            arena->SetName(CText.Span((byte*)node.Input));
        }
        else if (node.Old != 0)
        {
            arena->CopyName((byte*)node.Old);
        }

        return node.Return(node.Old);
    }

    private static int GrowLimit(ref MallctlNode node, Arena* arena)
    {
        if (arena == null || (node.Writes && node.Input < Os.PageSize))
        {
            return MallctlError.Fault;
        }

        if (node.Writes)
        {
            Arenas.SetGrowLimit(arena, node.Input);
        }

        return node.Return(arena->GrowLimit);
    }

    private static int Limit(ref MallctlNode node, HeapState* heap)
    {
        if (heap == null)
        {
            return MallctlError.Fault;
        }

        if (node.Writes)
        {
            Atomic.Write(ref heap->Backend.Limit, node.Input);
        }

        return node.Return(heap->Backend.Limit);
    }

    private static int Hooks(ref MallctlNode node, Arena* arena) =>
        node.Writes ? Arenas.SetHooks(node.First, (ExtentHooks*)node.Input)
        : arena == null && node.First >= ArenaOptions.Total ? MallctlError.Fault
        : node.Return((nuint)(arena != null && arena->HasHooks ? arena->Hooks : Arenas.DefaultHooks));

    private static int OversizeThreshold(ref MallctlNode node, Arena* arena)
    {
        if (arena == null)
        {
            return MallctlError.Fault;
        }

        // 0 is no threshold.
        HeapBackend* backend = &arena->Heap->Backend;
        if (node.Writes)
        {
            Atomic.Write(ref backend->PurgeFrom, node.Input == 0 ? nuint.MaxValue : node.Input);
        }

        return node.Return(backend->PurgeFrom == nuint.MaxValue ? 0 : backend->PurgeFrom);
    }

    // The heap never uses the program break.
    private static int SetDss(byte* name)
    {
        if (name == null)
        {
            return MallctlError.InvalidArgument;
        }

        ReadOnlySpan<byte> text = CText.Span(name);
        return text.SequenceEqual("disabled"u8) ? MallctlError.None
            : text.SequenceEqual("primary"u8) || text.SequenceEqual("secondary"u8) ? MallctlError.Fault
            : MallctlError.InvalidArgument;
    }
}
