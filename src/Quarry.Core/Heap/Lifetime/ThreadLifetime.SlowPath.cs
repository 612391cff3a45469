using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>Entering and leaving the slow paths.</content>
/// <remarks>
/// A thread can be inside a slow path and call again, in a signal handler; and it can leave a slow path
/// without returning, when a handler jumps out of it. <see cref="ThreadHeap.Busy"/> distinguishes the two.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    // The kernel puts at least this much on the stack between an interrupted function and the handler: the
    // red zone of 128 bytes, and the state of the processor.
    private const nuint SignalFrame = 512;

    // Stacks of coroutines may lie behind one another; a jump out of a slow path rarely leaves more than
    // this.
    private const nuint JumpDistance = 1024 * 1024;

    /// <summary>Marks a thread heap as busy, unless it is in use further up on the same stack.</summary>
    /// <remarks>
    /// If it is marked already, the stack decides. The frame that marked it is still there if this call is
    /// made from deeper down, or from the stack of signal handlers: it was interrupted, and the caller has to
    /// do without the thread heap. Otherwise the frame is gone: a handler has jumped out of it, and what it
    /// left is rebuilt.
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
    /// Determines whether the frame that marked the thread heap is gone; then repairs what it left.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsGone(ThreadHeap* thread, void* frame) =>
        (nuint)frame + SignalFrame > thread->Busy && (nuint)frame < thread->Busy + JumpDistance
            && !Os.IsOnSignalStack() && TryRebuildOwn(thread);

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Leave(ThreadHeap* thread)
    {
        Debug.Assert(thread->Busy != 0, "a slow path is left that was not entered");
        Volatile.Write(ref thread->Busy, 0);
    }

    /// <summary>Brings a thread heap up to date with the heap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Update(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        nuint version = Atomic.Read(ref heap->Backend.Version);
        Region* primary = (Region*)Atomic.Read(ref *(nuint*)&heap->Backend.Primary);
        if (thread->Base != primary->Base)
        {
            SetPrimary(thread, primary);
        }

        bool observed = Atomic.Read(ref *(nuint*)&heap->Observer) != 0;
        if (observed != thread->Observed && !TrySetObserved(thread, observed))
        {
            return;
        }

        thread->Version = version;
    }

    // A signal handler may free a block between any two of these stores. With a count of 0 it takes the
    // descriptor of slice 0, which no thread owns in any region, and the slow path.
    private static void SetPrimary(ThreadHeap* thread, Region* primary)
    {
        Volatile.Write(ref thread->SliceCount, 0);
        Volatile.Write(ref *(nuint*)&thread->Base, (nuint)primary->Base);
        Volatile.Write(ref *(nuint*)&thread->Pages, (nuint)primary->Pages);
        Volatile.Write(ref thread->SliceCount, primary->SliceCount);
    }

    private static bool TrySetObserved(ThreadHeap* thread, bool observed)
    {
        if (!RemoteQueue.TryHold(thread, Os.ThreadId()))
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
