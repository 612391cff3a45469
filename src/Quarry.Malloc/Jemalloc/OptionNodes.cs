using System;

namespace Quarry.Malloc;

/// <summary>The options in force, <c>opt.*</c>, as they were at the start of the process.</summary>
internal static unsafe class OptionNodes
{
    private const int OtherOptions = 33;

    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("opt.abort"u8, MallctlType.Boolean) ? node.Return(Options.AbortOnForeign) : 0,
        1 => node.Is("opt.narenas"u8, MallctlType.Unsigned) ? node.Return(ArenaOptions.Count) : 0,
        2 => node.Is("opt.percpu_arena"u8) ? node.ReturnText(ArenaOptions.ModeName) : 0,
        3 => node.Is("opt.background_thread"u8, MallctlType.Boolean)
            ? node.Return(BackgroundOptions.Starts)
            : 0,
        4 => node.Is("opt.dirty_decay_ms"u8)
            ? node.ReturnSigned(unchecked((nuint)Options.DecayMilliseconds))
            : 0,
        5 => node.Is("opt.muzzy_decay_ms"u8) ? node.ReturnSigned(DecayControls.InitialMuzzy) : 0,
        6 => node.Is("opt.oversize_threshold"u8) ? node.Return(ArenaOptions.OversizeThreshold) : 0,
        7 => node.Is("opt.retain"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        8 => node.Is("opt.dss"u8) ? node.ReturnText("disabled\0"u8) : 0,
        9 => node.Is("opt.metadata_thp"u8) ? node.ReturnText("disabled\0"u8) : 0,
        10 => node.Is("opt.thp"u8) ? node.ReturnText("default\0"u8) : 0,
        11 => node.Is("opt.tcache"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        12 => node.Is("opt.tcache_max"u8) ? node.Return(SmallSizes<Geometry>.MaxSize) : 0,
        13 => node.Is("opt.cache_oblivious"u8, MallctlType.Boolean) ? node.Return(Options.VariesLines) : 0,
        14 => node.Is("opt.junk"u8) ? node.ReturnText(Junk) : 0,
        15 => node.Is("opt.zero"u8, MallctlType.Boolean)
            ? node.Return((Options.Fill & HeapFill.Zero) != 0)
            : 0,
        16 => node.Is("opt.zero_realloc"u8)
            ? node.ReturnText(Options.ZeroReallocAllocates ? "alloc\0"u8 : "free\0"u8)
            : 0,
        17 => node.Is("opt.stats_interval"u8)
            ? node.ReturnSigned(unchecked((nuint)JemallocOptions.PrintInterval))
            : 0,
        18 => node.Is("opt.stats_interval_opts"u8) ? node.ReturnText(JemallocOptions.IntervalLetters) : 0,
        19 => node.Is("opt.abort_conf"u8, MallctlType.Boolean)
            ? node.Return(JemallocOptions.AbortOnInvalid)
            : 0,
        20 => node.Is("opt.confirm_conf"u8, MallctlType.Boolean) ? node.Return(JemallocOptions.Confirms) : 0,
        21 => node.Is("opt.stats_print"u8, MallctlType.Boolean)
            ? node.Return(JemallocOptions.PrintsStatistics)
            : 0,
        22 => node.Is("opt.stats_print_opts"u8) ? node.ReturnText(JemallocOptions.Letters) : 0,
        23 => node.Is("opt.malloc_conf.global_var"u8) ? Source(ref node, ConfSource.Variable) : 0,
        24 => node.Is("opt.malloc_conf.symlink"u8) ? Source(ref node, ConfSource.Link) : 0,
        25 => node.Is("opt.malloc_conf.env_var"u8) ? Source(ref node, ConfSource.Environment) : 0,
        26 => node.Is("opt.malloc_conf.global_var_2_conf_harder"u8)
            ? Source(ref node, ConfSource.LastVariable)
            : 0,
        27 => node.Is("opt.xmalloc"u8, MallctlType.Boolean) ? node.Return(Options.AbortOnExhausted) : 0,
        28 => node.Is("opt.max_background_threads"u8) ? node.Return(BackgroundOptions.InitialMost) : 0,

        // Any free range may be used for a block, however large it is.
        29 => node.Is("opt.lg_extent_max_active_fit"u8) ? node.Return(64) : 0,
        30 => node.Is("opt.debug_double_free_max_scan"u8, MallctlType.Unsigned) ? node.Return(0) : 0,
        31 => node.Is("opt.disable_large_size_classes"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        32 => node.Is("opt.process_madvise_max_batch"u8) ? node.Return(0) : 0,
        _ => ProfOptionNodes.Visit(ref node, index - OtherOptions),
    };

    private static ReadOnlySpan<byte> Junk =>
        (Options.Fill & (HeapFill.JunkAllocated | HeapFill.JunkFreed)) switch
        {
            HeapFill.None => "false\0"u8,
            HeapFill.JunkAllocated => "alloc\0"u8,
            HeapFill.JunkFreed => "free\0"u8,
            _ => "true\0"u8,
        };

    private static int Source(ref MallctlNode node, ConfSource source)
    {
        byte* text = ConfSources.TextOf(source);
        return text == null ? MallctlError.NotFound : node.ReturnText(text);
    }
}
