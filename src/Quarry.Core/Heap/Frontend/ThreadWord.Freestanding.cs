using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// What each thread keeps: a word of thread-local storage, which the assembly shim reads and writes.
/// </summary>
internal static unsafe class ThreadWord
{
    /// <summary>The thread's part of the process heap; a placeholder without a heap if it has none.</summary>
    internal static ThreadHeap* ProcessHeap
    {
        get => (ThreadHeap*)Get();
        set => Set(value);
    }

    /// <summary>Makes the thread one that has no part of the heap again.</summary>
    internal static void Reset() => Set(Placeholder());

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_placeholder")]
    private static extern void* Placeholder();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_get")]
    private static extern void* Get();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_set")]
    private static extern void Set(void* thread);
}
