namespace Quarry.Malloc;

/// <summary>The options in force, <c>opt.*</c>, as they were at the start of the process.</summary>
internal static unsafe class OptionNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("opt.abort"u8, MallctlType.Boolean) ? node.Return(Options.AbortOnForeign) : 0,
        1 => node.Is("opt.narenas"u8, MallctlType.Unsigned) ? node.Return(Arenas.Count) : 0,
        2 => node.Is("opt.percpu_arena"u8) ? node.ReturnText("disabled\0"u8) : 0,
        3 => node.Is("opt.background_thread"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        4 => node.Is("opt.dirty_decay_ms"u8)
            ? node.ReturnSigned(unchecked((nuint)Options.DecayMilliseconds))
            : 0,
        5 => node.Is("opt.muzzy_decay_ms"u8) ? node.ReturnSigned(0) : 0,
        6 => node.Is("opt.oversize_threshold"u8) ? node.Return(0) : 0,
        7 => node.Is("opt.retain"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        8 => node.Is("opt.dss"u8) ? node.ReturnText("disabled\0"u8) : 0,
        9 => node.Is("opt.metadata_thp"u8) ? node.ReturnText("disabled\0"u8) : 0,
        10 => node.Is("opt.thp"u8) ? node.ReturnText("default\0"u8) : 0,
        11 => node.Is("opt.tcache"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        12 => node.Is("opt.tcache_max"u8) ? node.Return(SmallSizes<Geometry>.MaxSize) : 0,
        13 => node.Is("opt.cache_oblivious"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        14 => node.Is("opt.junk"u8) ? node.ReturnText("false\0"u8) : 0,
        15 => node.Is("opt.zero"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        16 => node.Is("opt.zero_realloc"u8)
            ? node.ReturnText(Options.ZeroReallocAllocates ? "alloc\0"u8 : "free\0"u8)
            : 0,
        17 => node.Is("opt.stats_interval"u8) ? node.ReturnSigned(nuint.MaxValue) : 0,
        18 => node.Is("opt.stats_interval_opts"u8) ? node.ReturnText("\0"u8) : 0,
        _ => node.End(),
    };
}
