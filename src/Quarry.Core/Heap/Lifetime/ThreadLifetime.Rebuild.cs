using System.Threading;

namespace Quarry;

/// <content>Rebuilds the thread heap of a thread that was stopped at an arbitrary instruction.</content>
/// <remarks>
/// Only chains are trusted, because each is changed by a single store. Counters and lists of pages are
/// derived from the chains and the page table. A block that was in no chain at that moment is leaked.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    /// <summary>Rebuilds the calling thread's own thread heap after a jump out of a slow path.</summary>
    /// <param name="thread">The thread heap.</param>
    /// <param name="frame">The address of a local variable of the caller.</param>
    /// <returns>False if another thread is relieving its queue; the next slow path tries again.</returns>
    private static bool TryRebuildOwn(ThreadHeap* thread, void* frame)
    {
        // The mark moves here: a signal handler during the rebuild must not take the frame for gone as well.
        Volatile.Write(ref thread->Busy, (nuint)frame);

        // The thread's own ID was left by a jump out of an earlier rebuild.
        int threadId = ThreadOwnership.CurrentId(thread->Heap);
        if (Atomic.Read(ref thread->Reliever) != (nuint)threadId && !RemoteQueue.TryHold(thread, threadId))
        {
            return false;
        }

        Rebuild(thread);
        RemoteQueue.Release(thread);
        return true;
    }

    /// <summary>
    /// Rebuilds a thread heap that the calling thread owns and has excluded from relieving.
    /// </summary>
    private static void Rebuild(ThreadHeap* thread)
    {
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            ThreadHeap.Current(thread)[sizeClass] = null;
            ThreadHeap.Available(thread)[sizeClass] = null;
        }

        thread->IdlePage = null;

        CollectPages(thread);
        RemoteCache.Rebuild(thread);
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            PageQueues.ReturnList(thread, sizeClass);
        }

        RemoteQueue.Drain(thread);

        // Last: until here, a signal handler must not use the thread heap.
        Volatile.Write(ref thread->Busy, 0);
    }

    private static void CollectPages(ThreadHeap* thread)
    {
        for (Region* region = thread->Heap->Backend.First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (nuint slice = region->FirstSlice; slice < highWater; slice++)
            {
                Page* page = region->Pages + slice;
                if (page->Owner == thread)
                {
                    Recount(page);
                    PageHoles.Recount(region, page);
                    PageQueues.Shelve(thread, page);
                }
            }
        }
    }

    private static void Recount(Page* page)
    {
        int free = 0;
        for (Block* block = page->Free; block != null && free <= page->Extended; block = block->Next)
        {
            free++;
        }

        if (free > page->Extended)
        {
            // A block that was freed twice closed the list into a cycle. Its blocks are leaked.
            page->Free = null;
            free = 0;
        }

        page->Place = PagePlace.None;
        int used = page->Extended - free;
        page->SetUsed(used, used);
    }
}
