using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The state of a heap: the back end, the thread heaps, and the host's callbacks.</summary>
/// <remarks>
/// It is stored in the first region. The rule of <see cref="HeapBackend"/> for fields that several threads
/// write applies here as well.
/// </remarks>
internal unsafe partial struct HeapState
{
    /// <summary>The back end, which allocates slices and mappings.</summary>
    public HeapBackend Backend;

    /// <summary>All thread heaps, newest first. They are reclaimed, never removed.</summary>
    public ThreadHeap* Threads;

    /// <summary>
    /// The number of abandoned thread heaps. Too high by one after a thread was killed while it held an
    /// abandoned thread heap.
    /// </summary>
    public nuint AbandonedCount;

    /// <summary>The number of thread heaps that are not shared, abandoned ones included.</summary>
    public nuint OwnCount;

    /// <summary>
    /// The next thread heap to inspect in the search for ended threads. Not atomic: two threads that search
    /// at the same time may inspect the same thread heap.
    /// </summary>
    public ThreadHeap* NextToCheck;

    /// <summary>
    /// The next thread heap that is swept if it is abandoned, see <see cref="IdlePages"/>. Not atomic, as
    /// above.
    /// </summary>
    public ThreadHeap* NextToSweep;

    /// <summary>The time, in milliseconds, until which threads take many steps of sweeping.</summary>
    public nuint HurryUntil;

    /// <summary>
    /// The number of pages needed since the last search for ended threads. Not atomic: a lost increment
    /// delays the next search a little.
    /// </summary>
    public nuint PagesSinceReclaim;

    /// <summary>The shared thread heap that was claimed last; a hint.</summary>
    public ThreadHeap* LastShared;

    /// <summary>
    /// The process whose thread IDs <see cref="ThreadHeap.User"/> holds. In the child of a <c>vfork</c>, or
    /// of a <c>fork</c> that the host did not detect, the current process is another one; then no search
    /// treats a thread as ended.
    /// </summary>
    public int ProcessId;

    /// <summary>The time, in milliseconds, at which sleeping threads are relieved next.</summary>
    public nuint RelieveDue;

    /// <summary>
    /// Nonzero if slow paths report: <see cref="WatchedByObserver"/>, <see cref="WatchedByCounters"/>, <see
    /// cref="WatchedByFill"/>. One test on a slow path covers all.
    /// </summary>
    public ulong Watched;

    /// <summary>
    /// The size from which on blocks are allocated in another heap, see <see cref="IHeapHost.Oversize"/>; the
    /// largest number for no size.
    /// </summary>
    public nuint OversizeFrom;

    /// <summary>See <see cref="HeapOptions.Fill"/>.</summary>
    public HeapFill Fill;

    /// <summary>The observer of every block; null if there is none.</summary>
    public HeapObserver* Observer;

    /// <summary>
    /// The sampler to which sampled blocks are reported; null before the first one was installed.
    /// </summary>
    public HeapSampler* Sampler;

    /// <summary>
    /// The mean number of bytes between two chosen ones; 0 if no blocks are sampled.
    /// </summary>
    public nuint SampleInterval;

    /// <summary>The state of the generator of <see cref="SampleDraw"/>.</summary>
    public nuint SampleSeed;

    /// <summary>See <see cref="HeapOptions.Guards"/>.</summary>
    public GuardedBlocks* Guards;

    /// <summary>See <see cref="HeapOptions.Isolated"/>.</summary>
    public IsolatedHeap* Isolated;

    /// <summary>Called when memory is exhausted; see <see cref="HeapOptions.OnExhausted"/>.</summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted;

    /// <summary>Passed to <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState;

    /// <summary>Called with a foreign pointer; see <see cref="HeapOptions.OnForeign"/>.</summary>
    public delegate*<void*, void> OnForeign;

    /// <summary>Called with a block freed twice; see <see cref="HeapOptions.OnDoubleFree"/>.</summary>
    public delegate*<void*, void> OnDoubleFree;

    /// <summary>
    /// Called before slices are allocated and once in a number of refills, inside slow paths, while <see
    /// cref="WantsProgress"/> is not 0. Must not use the heap.
    /// </summary>
    public delegate*<HeapState*, void> OnProgress;

    /// <summary>
    /// Whether <see cref="OnProgress"/> is called. A word of its own, because another process may set it.
    /// </summary>
    public nuint WantsProgress;

    /// <summary>
    /// The most refills between two calls of <see cref="OnProgress"/>, less one; see <see
    /// cref="ThreadClock.SetProgressPaths"/>.
    /// </summary>
    public int ProgressPaths;

    /// <summary>See <see cref="HeapOptions.CheckInterval"/>.</summary>
    public nuint CheckInterval;

    /// <summary>The number of size classes.</summary>
    public int ClassCount;

    /// <summary>The number of pages of each size class that were ever created.</summary>
    public fixed ulong PagesCreated[ThreadHeap.MaxClasses];

    /// <summary>The class table, which is copied into each thread heap.</summary>
    public fixed byte ClassTable[ThreadHeap.TableLength];

    /// <summary>
    /// The thread heaps from which threads borrow blocks, see <see cref="ThreadLifetime.AcquireLender"/>;
    /// null before a thread needed one.
    /// </summary>
    public fixed ulong Lenders[MaxLenders];

    /// <summary>The most lenders: a thread that finds all of them claimed uses a page of its own.</summary>
    internal const int MaxLenders = 8;

    /// <summary>The bit of <see cref="Watched"/> that is set while there is an observer.</summary>
    internal const ulong WatchedByObserver = 1;

    /// <summary>
    /// The bit of <see cref="Watched"/> that is set once a thread has its bytes counted.
    /// </summary>
    internal const ulong WatchedByCounters = 2;

    /// <summary>The bit of <see cref="Watched"/> that is set if blocks are filled.</summary>
    internal const ulong WatchedByFill = 4;

    /// <summary>Allocates slices, and reports progress.</summary>
    internal static nuint AllocateSlices(
        HeapState* heap, nuint count, nuint alignment, out Region* region)
    {
        Progress(heap);
        return HeapBackend.AllocateSlices(&heap->Backend, count, alignment, out region, out _);
    }

    /// <summary>Calls <see cref="OnProgress"/> if that is wanted.</summary>
    internal static void Progress(HeapState* heap)
    {
        // An acquire: the function and what it uses were stored before the wish.
        if (Atomic.Read(ref heap->WantsProgress) != 0)
        {
            heap->OnProgress(heap);
        }
    }

    /// <summary>Installs an observer, replacing the current one; null removes it.</summary>
    /// <remarks>
    /// Each thread follows at its next slow path. The observer must stay valid as long as the heap, because a
    /// thread may be about to call it even after it was removed.
    /// </remarks>
    internal static void SetObserver(HeapState* heap, HeapObserver* observer)
    {
        Atomic.Write(ref *(nuint*)&heap->Observer, (nuint)observer);
        if (observer != null)
        {
            Atomic.Set(ref heap->Watched, WatchedByObserver);
        }
        else
        {
            Atomic.Clear(ref heap->Watched, WatchedByObserver);
        }

        // After the observer: a thread that reads the new version also reads the new observer. Pairs with
        // ThreadLifetime.Update.
        _ = Atomic.Add(ref heap->Backend.Version, 1);
    }

    /// <summary>Calls the exhaustion hook; returns whether to retry the request.</summary>
    internal readonly bool Exhausted(nuint size, nuint alignment) =>
        OnExhausted != null && OnExhausted(OnExhaustedState, size, alignment);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal readonly void ReportForeign(void* address)
    {
        if (OnForeign != null)
        {
            OnForeign(address);
        }
    }

    // Not inlined, because the callers are frequent and reports are rare.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ReportDoubleFree(HeapState* heap, void* block)
    {
        if (heap->OnDoubleFree != null)
        {
            heap->OnDoubleFree(block);
        }
    }
}
