using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// The word of thread-local storage of each thread, which the assembly shim reads and writes.
/// </summary>
internal static unsafe class ThreadWord
{
    /// <summary>
    /// Gets or sets the thread heap of the thread; a placeholder without a heap if it has none.
    /// </summary>
    internal static ThreadHeap* ProcessHeap
    {
        get => (ThreadHeap*)Get();
        set => Set(value);
    }

    /// <summary>Resets the thread to one that has no thread heap.</summary>
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
