namespace Quarry.Gc;

/// <summary>
/// Work for the runtime's finalizer thread: <c>NoGCRegionCallbackFinalizerWorkItem</c>. The runtime allocates
/// it, and frees it after the callback.
/// </summary>
internal unsafe struct FinalizerWorkItem
{
    /// <summary>The next item of the list that the thread gets.</summary>
    public FinalizerWorkItem* Next;

    /// <summary>The runtime's function that does the work.</summary>
    public void* Callback;

    /// <summary>Whether the item was passed to the thread.</summary>
    public byte Scheduled;

    /// <summary>Whether the item is only to be freed.</summary>
    public byte Abandoned;
}
