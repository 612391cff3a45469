namespace Quarry.Gc;

/// <summary>
/// Work for the runtime's finalizer thread: <c>NoGCRegionCallbackFinalizerWorkItem</c>. The runtime allocates
/// it, and frees it after the callback.
/// </summary>
internal unsafe struct FinalizerWorkItem
{
    /// <summary>The next item in the list for the thread.</summary>
    public FinalizerWorkItem* Next;

    /// <summary>The runtime's function that does the work.</summary>
    public void* Callback;

    /// <summary>Whether the item was passed to the thread.</summary>
    public byte Scheduled;

    /// <summary>Whether the item is freed without running the callback.</summary>
    public byte Abandoned;
}
