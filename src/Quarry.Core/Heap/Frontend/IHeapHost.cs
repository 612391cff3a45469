namespace Quarry;

/// <summary>Attaches threads to thread heaps, for a kind of heap.</summary>
/// <remarks>
/// A type argument of <see cref="HeapFrontend{TSizes, THost}"/>, so that the front end calls it directly. The
/// host of <c>malloc</c> returns the one heap of the process. A heap that is a value looks up the thread heap
/// before it calls the front end; its host is <c>ValueHost</c>.
/// </remarks>
internal unsafe interface IHeapHost
{
    /// <summary>Gets the heap, for a thread without a thread heap; null if there is none.</summary>
    static abstract HeapState* Heap { get; }

    /// <summary>Acquires a thread heap for the calling thread; returns null if out of memory.</summary>
    static abstract ThreadHeap* Attach();

    /// <summary>
    /// Acquires a thread heap for the calling thread, which frees a block; returns null if out of memory, or
    /// if the thread has ended: nothing would tell when it has freed its last block.
    /// </summary>
    /// <param name="block">The block, as <see cref="ThreadLifetime.Acquire"/> uses it.</param>
    static abstract ThreadHeap* AttachToFree(void* block);

    /// <summary>
    /// Returns the heap of this host to which a block belongs that is not in the calling thread's; null if
    /// there is none.
    /// </summary>
    static abstract HeapState* Find(void* address);

    /// <summary>
    /// Returns the thread heap that the calling thread has in a heap of this host; null if it has none.
    /// </summary>
    static abstract ThreadHeap* ThreadIn(HeapState* heap);

    /// <summary>
    /// Returns the thread heap that serves an address faster than a given one, because it is in the heap of
    /// the block; null if there is none, or it is in use further up the stack.
    /// </summary>
    /// <param name="address">The address of a block, or any other.</param>
    /// <param name="thread">A thread heap of the calling thread.</param>
    static abstract ThreadHeap* ThreadFor(void* address, ThreadHeap* thread);

    /// <summary>
    /// Returns the heap for blocks of at least <see cref="HeapState.OversizeFrom"/> bytes.
    /// </summary>
    /// <param name="heap">The heap for all other blocks, which also serves these if there is none.</param>
    static abstract HeapState* Oversize(HeapState* heap);

    /// <summary>Called when an allocation fails because the thread has no thread heap.</summary>
    static abstract void OnUnavailable();
}
