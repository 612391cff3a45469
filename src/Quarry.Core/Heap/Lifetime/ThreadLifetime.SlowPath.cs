using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>Enters and leaves slow paths.</content>
/// <remarks>
/// A thread in a slow path can call the heap again, in a signal handler; and it can leave a slow path without
/// returning, when a handler jumps out of it. <see cref="ThreadHeap.Busy"/> distinguishes the two cases.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    // The least distance, in bytes, between the frames of an interrupted function and of the handler: the red
    // zone of 128 bytes, and the processor state that the kernel saves.
    private const nuint SignalFrame = 512;

    // The most bytes of stack that a jump out of a slow path is expected to unwind. A mark further away is
    // taken for one on another stack, such as a coroutine's.
    private const nuint JumpDistance = 1024 * 1024;

    /// <summary>Marks a thread heap as busy, unless an interrupted slow path is using it.</summary>
    /// <remarks>
    /// If it is already marked, the positions on the stack decide. If this call is deeper on the stack, or on
    /// the stack of signal handlers, the frame that marked it still exists: the slow path was interrupted,
    /// and the caller cannot use the thread heap. Otherwise the frame is gone: a handler has jumped out of
    /// the slow path, and the thread heap is rebuilt. Callbacks must not enter: their frames may be too
    /// close.
    /// </remarks>
    /// <param name="thread">The thread heap of the calling thread.</param>
    /// <param name="frame">The address of a local variable of the caller.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryEnter(ThreadHeap* thread, void* frame)
    {
        if (thread->Busy != 0 && !IsGone(thread, frame))
        {
            return false;
        }

        Volatile.Write(ref thread->Busy, (nuint)frame);
        if (thread->Version != Atomic.Read(ref thread->Heap->Backend.Version))
        {
            Update(thread);
        }

        HeapCheck.AtInterval(thread);
        return true;
    }

    /// <summary>
    /// Determines whether the frame that marked the thread heap is gone, and if so, rebuilds the thread heap.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsGone(ThreadHeap* thread, void* frame) =>
        (nuint)frame + SignalFrame > thread->Busy && (nuint)frame < thread->Busy + JumpDistance
            && !Os.IsOnSignalStack() && TryRebuildOwn(thread, frame);

    /// <summary>Removes the mark that <see cref="TryEnter"/> set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Leave(ThreadHeap* thread)
    {
        Debug.Assert(thread->Busy != 0, "a slow path is left that was not entered");
        Volatile.Write(ref thread->Busy, 0);
    }

    /// <summary>
    /// Applies the changes of the heap to a thread heap: the primary region, the observer and the sampler.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Update(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        // The version is read first. Pairs with HeapState.SetObserver, HeapState.SetSampler,
        // HeapBackend.ReplacePrimary and HeapBackend.OnFreed.
        nuint version = Atomic.Read(ref heap->Backend.Version);
        Region* primary = (Region*)Atomic.Read(ref *(nuint*)&heap->Backend.Primary);
        if (thread->Base != primary->Base)
        {
            SetPrimary(thread, primary);
        }

        // The version also changes when memory was freed; see HeapBackend.CalledAt.
        ThreadClock.ReadSoon(thread);
        nuint samples = thread->Samples ? 0 : Atomic.Read(ref heap->SampleInterval);
        nuint guards = thread->Samples || heap->Guards == null ? 0 : heap->Guards->Interval;
        if (samples != thread->SampleInterval || guards != thread->GuardInterval)
        {
            BlockCountdowns.Start(thread, samples, guards);
        }

        bool observed = thread->Counted || heap->Fill != HeapFill.None
            || Atomic.Read(ref *(nuint*)&heap->Observer) != 0;
        if (observed != thread->Observed && !TrySetObserved(thread, observed))
        {
            return;
        }

        thread->Version = version;
    }

    // A signal handler may free a block between any two of these stores. While the count is 0, every address
    // leads to the descriptor of slice 0, which no thread owns in any region, and thus to the slow path.
    private static void SetPrimary(ThreadHeap* thread, Region* primary)
    {
        Volatile.Write(ref thread->SliceCount, 0);
        Volatile.Write(ref *(nuint*)&thread->Base, (nuint)primary->Base);
        Volatile.Write(ref *(nuint*)&thread->Pages, (nuint)primary->Pages);
        Volatile.Write(ref thread->SliceCount, primary->SliceCount);
    }

    private static bool TrySetObserved(ThreadHeap* thread, bool observed)
    {
        if (!RemoteQueue.TryHold(thread, ThreadOwnership.CurrentId(thread->Heap)))
        {
            return false;
        }

        thread->Observed = observed;
        byte* table = ThreadHeap.ClassTable(thread);
        for (int index = 0; index < ThreadHeap.TableLength; index++)
        {
            table[index] = observed ? (byte)ThreadHeap.NoClass : thread->Heap->ClassTable[index];
        }

        PageQueues.Inspect(thread);
        RemoteQueue.Release(thread);
        return true;
    }
}
