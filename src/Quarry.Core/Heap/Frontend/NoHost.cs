namespace Quarry;

/// <summary>The host of heaps whose callers look up the thread heap themselves.</summary>
internal readonly unsafe struct NoHost : IHeapHost
{
    /// <inheritdoc/>
    public static HeapState* Heap => null;

    /// <inheritdoc/>
    public static ThreadHeap* Attach() => null;

    /// <inheritdoc/>
    public static void OnUnavailable()
    {
    }
}
