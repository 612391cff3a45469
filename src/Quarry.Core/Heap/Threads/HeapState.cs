using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The state of a heap: the back end, the thread heaps, and what the host has installed.</summary>
/// <remarks>
/// It lies in the first region. The rule of <see cref="HeapBackend"/> for fields that several threads write
/// holds here as well.
/// </remarks>
internal unsafe partial struct HeapState
{
    /// <summary>Slices and mappings.</summary>
    public HeapBackend Backend;

    /// <summary>Every thread heap, newest first. They are reclaimed, never removed.</summary>
    public ThreadHeap* Threads;

    /// <summary>The number of abandoned thread heaps.</summary>
    public nuint AbandonedCount;

    /// <summary>
    /// Where the search for ended threads goes on. Not atomic: two threads that search at once may look at
    /// the same thread heap.
    /// </summary>
    public ThreadHeap* NextToCheck;

    /// <summary>
    /// Pages allocated since ended threads were last searched for. Not atomic: a lost increment delays the
    /// next search a little.
    /// </summary>
    public nuint PagesSinceReclaim;

    /// <summary>
    /// The process whose thread IDs <see cref="ThreadHeap.User"/> holds. In the child of a <c>vfork</c>, or
    /// of a <c>fork</c> that the host was not informed of, it is another one; then no thread is found to have
    /// ended.
    /// </summary>
    public int ProcessId;

    /// <summary>The time, in milliseconds, at which queues of sleeping threads are looked at next.</summary>
    public nuint RelieveDue;

    /// <summary>Observes every block; null if there is no observer.</summary>
    public HeapObserver* Observer;

    /// <summary>Called when memory is exhausted; see <see cref="HeapOptions.OnExhausted"/>.</summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted;

    /// <summary>Passed to <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState;

    /// <summary>Called with an address that is freed or resized and is no block of this heap.</summary>
    public delegate*<void*, void> OnForeign;

    /// <summary>Called with a block that was freed twice, as far as that is detected.</summary>
    public delegate*<void*, void> OnDoubleFree;

    /// <summary>
    /// Called from time to time, when slices are allocated; null if nothing records the heap.
    /// </summary>
    public delegate*<HeapState*, void> OnProgress;

    /// <summary>In a debug image, at which slow path the thread heap is checked; 0 for none.</summary>
    public nuint CheckInterval;

    /// <summary>The number of size classes.</summary>
    public int ClassCount;

    /// <summary>The class table that each thread heap gets a copy of.</summary>
    public fixed byte ClassTable[ThreadHeap.TableLength];

    /// <summary>Allocates slices, and reports progress.</summary>
    internal static nuint AllocateSlices(
        HeapState* heap, nuint count, nuint alignment, out Region* region)
    {
        Progress(heap);
        return HeapBackend.AllocateSlices(&heap->Backend, count, alignment, out region, out _);
    }

    /// <summary>Reports progress to whatever records the heap.</summary>
    internal static void Progress(HeapState* heap)
    {
        if (heap->OnProgress != null)
        {
            heap->OnProgress(heap);
        }
    }

    /// <summary>Installs an observer in the place of the former one; null removes it.</summary>
    /// <remarks>
    /// A thread follows at its next slow path. The observer has to stay valid as long as the heap, as a
    /// thread may be about to call it.
    /// </remarks>
    internal static void SetObserver(HeapState* heap, HeapObserver* observer)
    {
        Atomic.Write(ref *(nuint*)&heap->Observer, (nuint)observer);

        // After the change: a thread heap that sees the new version sees the new observer.
        _ = Atomic.Add(ref heap->Backend.Version, 1);
    }

    /// <summary>Calls the exhaustion hook; returns whether to try again.</summary>
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

    // Not inlined: reports are rare, and their callers are not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ReportDoubleFree(HeapState* heap, void* block)
    {
        if (heap->OnDoubleFree != null)
        {
            heap->OnDoubleFree(block);
        }
    }
}
