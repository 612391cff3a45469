namespace Quarry.Malloc;

/// <summary>The statistics of the process, <c>stats.*</c>.</summary>
internal static unsafe class StatsNodes
{
    internal static int Visit(ref MallctlNode node, int index)
    {
        Snapshot* now = node.Acts ? Snapshots.Merged() : null;
        return node.Acts && now == null ? MallctlError.TryAgain : Visit(ref node, index, now);
    }

    private static int Visit(ref MallctlNode node, int index, Snapshot* now) => index switch
    {
        0 => node.Is("stats.allocated"u8) ? node.Return(now->Allocated) : 0,
        1 => node.Is("stats.active"u8) ? node.Return(now->Active) : 0,
        2 => node.Is("stats.metadata"u8) ? node.Return(now->Metadata) : 0,
        3 => node.Is("stats.metadata_thp"u8) ? node.Return(0) : 0,
        4 => node.Is("stats.resident"u8) ? node.Return(now->Resident) : 0,
        5 => node.Is("stats.mapped"u8) ? node.Return(now->Mapped) : 0,
        6 => node.Is("stats.retained"u8) ? node.Return(now->Footprint.RetainedBytes) : 0,
        7 => node.Is("stats.background_thread.num_threads"u8)
            ? node.Return(BackgroundThread.IsRunning ? 1u : 0u)
            : 0,
        8 => node.Is("stats.background_thread.num_runs"u8) ? node.Return(BackgroundThread.Runs) : 0,
        9 => node.Is("stats.background_thread.run_interval"u8)
            ? node.Return(BackgroundThread.RunInterval)
            : 0,
        10 => node.Is("stats.metadata_edata"u8) ? node.Return(0) : 0,
        11 => node.Is("stats.metadata_rtree"u8) ? node.Return(0) : 0,
        12 => node.Is("stats.zero_reallocs"u8) ? node.Return(ZeroReallocs.Count) : 0,
        13 => node.Is("approximate_stats.active"u8) ? node.Return(ActiveNow()) : 0,
        _ => node.End(),
    };

    private static nuint ActiveNow()
    {
        nuint used = 0;
        nuint index = 0;
        Arenas.Lock();
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            used += arena->Heap->Backend.UsedBytes;
        }

        Arenas.Unlock();
        return Layout.AlignUp(used, Os.PageSize);
    }
}
