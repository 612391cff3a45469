namespace Quarry;

/// <summary>Purges memory inside pages of small blocks that are in use but idle.</summary>
/// <remarks>
/// <para>
/// A page that is available but idle may have few blocks in use: a burst of allocations leaves one in some
/// dozens behind, and each of them pins 64 KiB or more. Each thread sweeps its own available pages once in a
/// decay time. A page whose number of used blocks is the same as at the sweep before is idle, and what is
/// entirely free of it is purged, see <see cref="PageHoles"/>.
/// </para>
/// <para>
/// A sweep is made in steps of less than a millisecond, when the thread reads the clock in a refill or
/// allocates a large block. The pages of abandoned thread heaps are swept by the threads that go on; those of
/// sleeping threads stay, because no other thread may change their lists.
/// </para>
/// </remarks>
internal static unsafe class IdlePages
{
    // The work of one step, in visits of a page without anything to do: 20 ns each, about 0.7 ms together.
    private const int Budget = 32768;

    // The cost of a block of a page that is searched, whose list leads through cold memory, and that of a
    // system call: about 40 ns and 6 us.
    private const int BlockCost = 2, CallCost = 300;

    // If freed memory is returned at once, pages are swept nevertheless only once in a while.
    private const nuint LeastMilliseconds = 100;

    // Below 4 MiB of pages that may be idle, threads need not hurry.
    private const int ManyCandidates = 64;

    // The part of its blocks that may be in use: blocks that lie at random leave few pages of the operating
    // system free until most of them are.
    private const int PartInUse = 2;

    // Beside a number of used blocks: the page has not changed since it was searched for free memory.
    private const int Searched = 0x8000;

    // The most abandoned thread heaps that one step inspects.
    private const int SearchLimit = 4;

    // In decay times: how long threads hurry after one of them has left many pages. Each is visited twice.
    private const nuint HurriedPeriods = 4;

    /// <summary>Determines whether the thread should take the next steps soon.</summary>
    internal static bool Waits(ThreadHeap* thread, nuint now) =>
        thread->Heap->Backend.DecayMilliseconds >= 0
            && (HasMany(thread) || now < Atomic.Read(ref thread->Heap->HurryUntil));

    /// <summary>
    /// Has other threads sweep a thread heap soon if it is left with lists, or with many pages.
    /// </summary>
    internal static void OnRetire(ThreadHeap* thread)
    {
        if ((thread->KeepsLists || HasMany(thread)) && thread->Heap->Backend.DecayMilliseconds >= 0)
        {
            Hurry(thread->Heap, Os.Milliseconds());
        }
    }

    /// <summary>Makes a step, if one is due.</summary>
    /// <param name="thread">The thread heap of the calling thread, inside a slow path.</param>
    /// <param name="now">The time, in milliseconds.</param>
    internal static void Step(ThreadHeap* thread, nuint now)
    {
        HeapState* heap = thread->Heap;
        if (heap->Backend.DecayMilliseconds < 0)
        {
            return;
        }

        int budget = Budget;
        Sweep(thread, now, ref budget);
        StepAbandoned(heap, thread->ThreadId, now, budget);
    }

    /// <summary>Makes a step in abandoned thread heaps only.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="threadId">The ID of the calling thread.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="budget">The work to do.</param>
    internal static void StepAbandoned(HeapState* heap, int threadId, nuint now, int budget = Budget)
    {
        for (int checks = 0; checks < SearchLimit && budget > 0 && heap->AbandonedCount != 0; checks++)
        {
            SweepAbandoned(heap, threadId, now, ref budget);
        }
    }

    /// <summary>Purges what is entirely free of all available pages of a thread heap.</summary>
    /// <returns>The number of bytes purged.</returns>
    internal static nuint PurgeAll(ThreadHeap* thread)
    {
        nuint purged = 0;
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount && !thread->Samples; sizeClass++)
        {
            for (Page* page = ThreadHeap.Available(thread)[sizeClass]; page != null; page = page->Next)
            {
                nuint before = page->Purged;
                _ = PageHoles.Purge(thread, thread->Heap->Backend.RegionOf(page), page);
                purged += (page->Purged - before) * Os.PageSize;
            }
        }

        return purged;
    }

    private static void SweepAbandoned(HeapState* heap, int threadId, nuint now, ref int budget)
    {
        // Concurrent searches may find the same one, which is harmless, but each must read the field only
        // once: another one may set it to null.
        ThreadHeap* next = (ThreadHeap*)Atomic.Read(ref *(nuint*)&heap->NextToSweep);
        ThreadHeap* other = next != null ? next : heap->Threads;
        if (other->ThreadId == 0 && (now >= other->IdleDue || IsSweeping(other))
            && ThreadOwnership.TryClaimAbandoned(other, threadId))
        {
            Sweep(other, now, ref budget);
            bool hurry = HasMany(other);
            ThreadOwnership.Abandon(other);
            if (hurry)
            {
                Hurry(heap, now);
            }
        }

        heap->NextToSweep = budget > 0 ? other->Next : other;
    }

    private static void Hurry(HeapState* heap, nuint now) =>
        Atomic.Write(ref heap->HurryUntil, now + (HurriedPeriods * PeriodOf(heap)));

    private static bool HasMany(ThreadHeap* thread) =>
        thread->IdleCandidates >= ManyCandidates || IsSweeping(thread);

    private static nuint PeriodOf(HeapState* heap)
    {
        nuint decay = (nuint)heap->Backend.DecayMilliseconds;
        return decay < LeastMilliseconds ? LeastMilliseconds : decay;
    }

    private static bool IsSweeping(ThreadHeap* thread) =>
        thread->IdlePage != null || (thread->IdleClass != 0 && thread->IdleClass < thread->Heap->ClassCount);

    /// <summary>Continues the sweep of a thread heap, or begins the next one if it is due.</summary>
    private static void Sweep(ThreadHeap* thread, nuint now, ref int budget)
    {
        // A sampled page has records at its end.
        if (thread->Samples)
        {
            return;
        }

        if (!IsSweeping(thread))
        {
            if (now < thread->IdleDue)
            {
                return;
            }

            if (thread->KeepsLists)
            {
                PageQueues.ReturnAll(thread);
            }

            thread->IdleDue = now + PeriodOf(thread->Heap);
            thread->IdleCandidates = 0;
            thread->IdleClass = 0;
            thread->IdlePage = ThreadHeap.Available(thread)[0];
        }

        while (budget > 0 && thread->IdleClass < thread->Heap->ClassCount)
        {
            Page* page = thread->IdlePage;
            if (page == null)
            {
                thread->IdleClass++;
                thread->IdlePage = thread->IdleClass < thread->Heap->ClassCount
                    ? ThreadHeap.Available(thread)[thread->IdleClass]
                    : null;
                continue;
            }

            thread->IdlePage = page->Next;
            budget -= Visit(thread, page);
        }
    }

    /// <summary>Purges a page if it is idle; returns the cost.</summary>
    private static int Visit(ThreadHeap* thread, Page* page)
    {
        Region* region = thread->Heap->Backend.RegionOf(page);
        SliceHoles* holes = region->Holes + region->SliceOf(page);
        int used = page->Used;
        bool worth = page->BlockSize >= Os.PageSize
            || PageHoles.InUse(region, page) * PartInUse <= page->Extended;
        if (!worth || holes->SeenUsed == (used | Searched))
        {
            return 1;
        }

        if (holes->SeenUsed != used)
        {
            holes->SeenUsed = (ushort)used;
            thread->IdleCandidates++;
            return 1;
        }

        int cost = (BlockCost * page->Extended) + (CallCost * PageHoles.Purge(thread, region, page));
        holes->SeenUsed = (ushort)(page->Used | Searched);
        return cost;
    }
}
