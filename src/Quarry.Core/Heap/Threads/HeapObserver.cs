namespace Quarry;

/// <summary>
/// Observes every allocation and every free of a heap, for exact profiles, counters and checkers.
/// </summary>
/// <remarks>
/// <para>
/// When an observer is installed, each thread switches at its next slow path; from then on all its calls take
/// the slow path: its class table maps every size to <see cref="ThreadHeap.NoClass"/>, and each of its pages
/// is inspected at every free. The fast paths of a heap without an observer have no additional instructions.
/// The functions are called only in <c>HeapFrontend.Leaves</c>, <c>Resizes</c> and <c>Returns</c>.
/// </para>
/// <para>
/// The functions may be called by several threads at once, and in signal handlers; they must not use the
/// heap.
/// </para>
/// </remarks>
/// <param name="allocated">
/// Called after a block was allocated, with the observer, the block and the size requested.
/// </param>
/// <param name="resized">
/// Called after a block was reallocated, with the observer, the old and the new address, and the new size
/// requested. If the addresses differ, the new block is not reported as allocated, and the old one is
/// reported as freed afterwards.
/// </param>
/// <param name="freed">
/// Called before a block is freed, with the observer, the block and its usable size.
/// </param>
internal readonly unsafe struct HeapObserver(
    delegate*<HeapObserver*, void*, nuint, void> allocated,
    delegate*<HeapObserver*, void*, void*, nuint, void> resized,
    delegate*<HeapObserver*, void*, nuint, void> freed)
{
    internal readonly delegate*<HeapObserver*, void*, nuint, void> Allocated = allocated;

    internal readonly delegate*<HeapObserver*, void*, void*, nuint, void> Resized = resized;

    internal readonly delegate*<HeapObserver*, void*, nuint, void> Freed = freed;
}
