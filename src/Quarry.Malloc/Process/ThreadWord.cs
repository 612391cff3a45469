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

    /// <summary>
    /// Gets the thread heap that the calling thread cannot use, because it is in a signal handler that has
    /// interrupted the heap, or has jumped out of one; null otherwise. See <see cref="SignalHandlers"/>.
    /// </summary>
    internal static ThreadHeap* Interrupted =>
        Get() == HandlerPlaceholder() ? (ThreadHeap*)InterruptedWord() : null;

    /// <summary>Gets the thread heap that belongs to the calling thread, usable or interrupted.</summary>
    internal static ThreadHeap* Own
    {
        get
        {
            ThreadHeap* word = Interrupted != null ? Interrupted : ProcessHeap;
            return IsFacade(word) ? word->Home : word;
        }
    }

    /// <summary>
    /// Determines whether a thread word leads to a facade; see <see cref="ThreadLifetime.FacadeOf"/>.
    /// </summary>
    internal static bool IsFacade(ThreadHeap* word) => word->Heap == null && word->Home != null;

    /// <summary>
    /// Whether the calling thread has ended, and has not allocated since. Its word is then the placeholder of
    /// handlers, although no handler has interrupted it.
    /// </summary>
    internal static bool HasEnded => Get() == HandlerPlaceholder() && InterruptedWord() == null;

    /// <summary>Records that the calling thread has ended. Its word must be the placeholder.</summary>
    /// <remarks>
    /// If a handler has ever interrupted the heap in this thread, the record would be taken for another such
    /// moment. The thread then remains one that has not allocated yet.
    /// </remarks>
    internal static void End()
    {
        if (InterruptedWord() == null)
        {
            Set(HandlerPlaceholder());
        }
    }

    /// <summary>Sets the word of the calling thread to the placeholder.</summary>
    internal static void Reset() => Set(Placeholder());

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_placeholder")]
    private static extern void* Placeholder();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_handler_placeholder")]
    private static extern void* HandlerPlaceholder();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_signal_entry_interrupted")]
    private static extern void* InterruptedWord();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_get")]
    private static extern void* Get();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_set")]
    private static extern void Set(void* thread);
}
