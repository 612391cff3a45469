namespace Quarry.Malloc;

/// <summary>The controls of the calling thread, <c>thread.*</c>.</summary>
internal static unsafe class ThreadNodes
{
    private const int CacheNodes = 12;

    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("thread.arena"u8, MallctlType.Unsigned, MallctlAccess.ReadWrite)
            ? node.Writes ? ArenaThreads.Bind(node.Input) : ReadArena(ref node)
            : 0,
        1 => node.Is("thread.allocated"u8) ? Counter(ref node, freed: false, address: false) : 0,
        2 => node.Is("thread.allocatedp"u8) ? Counter(ref node, freed: false, address: true) : 0,
        3 => node.Is("thread.deallocated"u8) ? Counter(ref node, freed: true, address: false) : 0,
        4 => node.Is("thread.deallocatedp"u8) ? Counter(ref node, freed: true, address: true) : 0,
        5 => node.Is("thread.tcache.enabled"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? Cache(ref node)
            : 0,
        6 => node.Is("thread.tcache.flush"u8, MallctlType.Void, MallctlAccess.Action)
            ? ThreadWord.ProcessHeap->Uncached ? MallctlError.Fault : Flush()
            : 0,
        7 => node.Is("thread.idle"u8, MallctlType.Void, MallctlAccess.Action) ? Flush() : 0,
        8 => node.Is("thread.prof.active"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? ProfNodes.ThreadActive(ref node)
            : 0,
        9 => node.Is("thread.prof.name"u8, MallctlType.Word, ProfNodes.IfStarted(MallctlAccess.ReadOrWrite))
            ? ProfNodes.ThreadLabel(ref node)
            : 0,
        10 => node.Is("thread.peak.read"u8) ? Peak(ref node, resets: false) : 0,
        11 => node.Is("thread.peak.reset"u8, MallctlType.Void, MallctlAccess.Action)
            ? Peak(ref node, resets: true)
            : 0,
        _ => ThreadCacheNodes.Visit(ref node, index - CacheNodes),
    };

    private static int Cache(ref MallctlNode node)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (node.Writes)
        {
            HeapUpkeep.SetCached(thread, node.Input != 0);
            ArenaGuests.ReleaseAll(ThreadHeap.HomeOf(thread));
        }

        return node.Return(!thread->Uncached);
    }

    // Counted like the bytes of the thread, from the first call on.
    private static int Peak(ref MallctlNode node, bool resets)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        ArenaThreads.StartCounting(thread);
        thread = ThreadHeap.HomeOf(thread);
        if (resets)
        {
            thread->PeakBase = thread->AllocatedBytes - thread->FreedBytes;
            thread->PeakBytes = 0;
        }

        return node.Return(thread->PeakBytes);
    }

    // The thread's calls are counted from here on; see ThreadLifetime.StartCounting.
    private static int Counter(ref MallctlNode node, bool freed, bool address)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        ArenaThreads.StartCounting(thread);
        thread = ThreadHeap.HomeOf(thread);
        nuint* counter = freed ? &thread->FreedBytes : &thread->AllocatedBytes;
        return node.Return(address ? (nuint)counter : *counter);
    }

    private static int ReadArena(ref MallctlNode node)
    {
        ThreadHeap* thread = ThreadWord.Own;
        return node.Return(thread->Heap == null ? 0 : Arena.IndexOf(thread->Heap));
    }

    private static int Flush()
    {
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        if (thread->Heap != null)
        {
            HeapUpkeep.Flush(thread);
            HeapUpkeep.Flush(ThreadHeap.HomeOf(thread));
            ArenaGuests.Settle(ThreadHeap.HomeOf(thread), flushes: true);
        }

        return MallctlError.None;
    }
}
