namespace Quarry.Malloc;

/// <summary>The options of heap profiling, <c>opt.prof*</c> and <c>opt.lg_prof_*</c>.</summary>
internal static unsafe class ProfOptionNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("opt.prof"u8, MallctlType.Boolean) ? node.Return(ProfOptions.IsOn) : 0,
        1 => node.Is("opt.prof_prefix"u8) ? node.ReturnText(DumpPrefix.Text) : 0,
        2 => node.Is("opt.prof_active"u8, MallctlType.Boolean) ? node.Return(ProfOptions.StartsActive) : 0,
        3 => node.Is("opt.prof_thread_active_init"u8, MallctlType.Boolean)
            ? node.Return(ProfOptions.StartsThreadsActive)
            : 0,
        4 => node.Is("opt.prof_bt_max"u8, MallctlType.Unsigned) ? node.Return(ProfOptions.MostFrames) : 0,
        5 => node.Is("opt.lg_prof_sample"u8) ? node.Return((nuint)ProfOptions.Log2Sample) : 0,
        6 => node.Is("opt.prof_accum"u8, MallctlType.Boolean) ? node.Return(ProfOptions.Accumulates) : 0,
        7 => node.Is("opt.prof_pid_namespace"u8, MallctlType.Boolean)
            ? node.Return(ProfOptions.NamesNamespace)
            : 0,
        8 => node.Is("opt.lg_prof_interval"u8)
            ? node.ReturnSigned(unchecked((nuint)(nint)ProfOptions.Log2Interval))
            : 0,
        9 => node.Is("opt.prof_gdump"u8, MallctlType.Boolean) ? node.Return(ProfOptions.DumpsPeaks) : 0,
        10 => node.Is("opt.prof_final"u8, MallctlType.Boolean) ? node.Return(ProfOptions.DumpsAtExit) : 0,
        11 => node.Is("opt.prof_leak"u8, MallctlType.Boolean) ? node.Return(ProfOptions.ReportsLeaks) : 0,
        12 => node.Is("opt.prof_leak_error"u8, MallctlType.Boolean)
            ? node.Return(ProfOptions.FailsOnLeaks)
            : 0,
        13 => node.Is("opt.prof_stats"u8, MallctlType.Boolean) ? node.Return(ProfOptions.CountsSizes) : 0,
        _ => node.End(),
    };
}
