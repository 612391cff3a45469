using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The heap of the process: the one that serves who names none.</summary>
/// <remarks>
/// It comes into being with the first block, which may be long before <c>main</c>, and is never destroyed.
/// </remarks>
internal static unsafe partial class ProcessHeap
{
    private static nuint s_state;

    /// <summary>The heap; null before its first use.</summary>
    internal static HeapState* State => (HeapState*)Atomic.Read(ref s_state);

    /// <summary>
    /// The thread heap itself if it is a real one, or else a real one for this thread; null if out of
    /// memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadHeap* Ensure(ThreadHeap* thread) => thread->Heap != null ? thread : Attach();

    /// <summary>
    /// Null, for a request that cannot be met because there is no heap, nor anybody it could tell.
    /// </summary>
    internal static void* Unavailable()
    {
        OnUnavailable();
        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadHeap* Attach()
    {
        HeapState* heap = State;
        heap = heap != null ? heap : Create();
        ThreadHeap* thread = heap == null ? null : ThreadHeap.Acquire(heap, Os.ThreadId());
        if (thread != null)
        {
            ThreadWord.ProcessHeap = thread;
            OnAttached(thread);
        }

        return thread;
    }

    private static HeapState* Create()
    {
        HeapOptions options = new();
        OnCreating(ref options);
        HeapState* heap = HeapState.TryCreate(&options);
        if (heap == null)
        {
            return null;
        }

        if (!Atomic.TryReplace(ref s_state, 0, (nuint)heap))
        {
            HeapState.Destroy(heap);
            return State;
        }

        OnCreated(heap);
        return heap;
    }

    /// <summary>What the host wants otherwise.</summary>
    static partial void OnCreating(ref HeapOptions options);

    /// <summary>The heap is there; no block was taken yet.</summary>
    static partial void OnCreated(HeapState* heap);

    /// <summary>There is no memory for the heap, or for the thread's part of it.</summary>
    static partial void OnUnavailable();

    /// <summary>A thread has got its thread heap and can allocate.</summary>
    static partial void OnAttached(ThreadHeap* thread);
}
