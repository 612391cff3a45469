namespace Quarry;

/// <summary>The host of heaps that are values.</summary>
/// <remarks>
/// <see cref="Heap"/> looks the thread heap up before it calls the front end. A thread heap without a heap is
/// one that this thread used last, of a heap that another thread has disposed of since: its memory reads as
/// zeros.
/// </remarks>
internal readonly unsafe struct ValueHost : IHeapHost
{
    /// <inheritdoc/>
    public static HeapState* Heap => null;

    /// <inheritdoc/>
    public static ThreadHeap* Attach() => null;

    /// <inheritdoc/>
    public static ThreadHeap* AttachToFree(void* block) => null;

    /// <inheritdoc/>
    /// <remarks>Each heap frees its own blocks only.</remarks>
    public static HeapState* Find(void* address) => null;

    /// <inheritdoc/>
    public static ThreadHeap* ThreadIn(HeapState* heap) => null;

    /// <inheritdoc/>
    public static ThreadHeap* ThreadFor(void* address, ThreadHeap* thread) => null;

    /// <inheritdoc/>
    public static HeapState* Oversize(HeapState* heap) => heap;

    /// <inheritdoc/>
    public static void OnUnavailable()
    {
    }
}
