namespace Quarry;

/// <summary>What a heap is hosted by: where a thread that has no thread heap gets one.</summary>
/// <remarks>
/// A type argument of <see cref="HeapFrontend{TSizes, THost}"/>, so that the front end calls it without an
/// indirection. A process's malloc finds its one heap here. A heap that is a value looks the thread heap up
/// before it calls the front end; its host is <c>ValueHost</c>.
/// </remarks>
internal unsafe interface IHeapHost
{
    /// <summary>The heap, for a thread without a thread heap; null if there is none.</summary>
    static abstract HeapState* Heap { get; }

    /// <summary>Gives the calling thread a thread heap; returns null if there is no memory for one.</summary>
    static abstract ThreadHeap* Attach();

    /// <summary>Called when an allocation fails because the thread has no thread heap.</summary>
    static abstract void OnUnavailable();
}
