using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// The thread word: one word of thread-local storage, read and written by the assembly shim.
/// </summary>
internal static unsafe class ThreadWord
{
    /// <summary>
    /// Gets or sets the thread heap of the calling thread; the placeholder if the thread has none.
    /// </summary>
    internal static ThreadHeap* ProcessHeap
    {
        get => (ThreadHeap*)Get();
        set => Set(value);
    }

    /// <summary>Sets the word of the calling thread to the placeholder.</summary>
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
