namespace Quarry.Malloc;

/// <summary>The properties that all arenas share, <c>arenas.*</c>.</summary>
internal static unsafe class ArenasNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("arenas.narenas"u8, MallctlType.Unsigned) ? node.Return(Arenas.Count) : 0,
        1 => node.Is("arenas.dirty_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.Writes ? DecayControls.SetNewDirty(node.Input) : node.ReturnSigned(DecayControls.NewDirty)
            : 0,
        2 => node.Is("arenas.muzzy_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.Writes ? DecayControls.SetNewMuzzy(node.Input) : node.ReturnSigned(DecayControls.NewMuzzy)
            : 0,
        3 => node.Is("arenas.quantum"u8) ? node.Return(SmallSizes<Geometry>.Quantum) : 0,
        4 => node.Is("arenas.page"u8) ? node.Return(Os.PageSize) : 0,
        5 => node.Is("arenas.hugepage"u8) ? node.Return(Region.Alignment) : 0,
        6 => node.Is("arenas.tcache_max"u8) ? node.Return(SmallSizes<Geometry>.MaxSize) : 0,
        7 => node.Is("arenas.nbins"u8, MallctlType.Unsigned) ? node.Return((nuint)SizeClasses.BinCount) : 0,
        8 => node.Is("arenas.nhbins"u8, MallctlType.Unsigned) ? node.Return((nuint)SizeClasses.BinCount) : 0,
        9 => node.Is("arenas.bin.#.size"u8) ? node.Return(SizeClasses.BinSize(node.First)) : 0,
        10 => node.Is("arenas.bin.#.nregs"u8, MallctlType.Unsigned)
            ? node.Return(SizeClasses.SlabBlocks(node.First))
            : 0,
        11 => node.Is("arenas.bin.#.slab_size"u8) ? node.Return(SizeClasses.SlabSize(node.First)) : 0,
        12 => node.Is("arenas.bin.#.nshards"u8, MallctlType.Unsigned) ? node.Return(1) : 0,
        13 => node.Is("arenas.nlextents"u8, MallctlType.Unsigned)
            ? node.Return((nuint)SizeClasses.LargeCount)
            : 0,
        14 => node.Is("arenas.lextent.#.size"u8) ? node.Return(SizeClasses.LargeSize(node.First)) : 0,

        15 => node.Is("arenas.create"u8, MallctlType.Unsigned, MallctlAccess.MustRead)
            ? Create(ref node)
            : 0,
        16 => node.Is("arenas.lookup"u8, MallctlType.Unsigned, MallctlAccess.MustRead) ? Lookup(ref node) : 0,
        _ => node.End(),
    };

    private static int Create(ref MallctlNode node)
    {
        ExtentHooks* hooks = node.Writes ? (ExtentHooks*)node.Input : null;
        hooks = hooks == Arenas.DefaultHooks ? null : hooks;
        return hooks != null && hooks->IsIncomplete ? MallctlError.Fault
            : Arenas.TryCreate(hooks, out uint index) ? node.Return(index)
            : MallctlError.TryAgain;
    }

    private static int Lookup(ref MallctlNode node)
    {
        HeapState* heap = ProcessHeap.Heap;
        return node.Writes && heap != null && Frontend.UsableAnywhere(ref heap, (void*)node.Input) != 0
            ? node.Return(Arena.IndexOf(heap))
            : MallctlError.InvalidArgument;
    }
}
