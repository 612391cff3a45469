namespace Quarry;

/// <summary>
/// Observes every block that leaves a heap and comes back: what an exact profile, a counter or a checker
/// hangs on.
/// </summary>
/// <remarks>
/// <para>
/// While a heap has an observer, all calls of a thread take the slow path, from the thread's next slow path
/// on: its class table maps every size to <see cref="ThreadHeap.NoClass"/>, and its pages ask to be inspected
/// at each free. A heap without one runs the same instructions on its fast paths as if there were no
/// observers. The two functions are called in <c>HeapFrontend.Leaves</c> and <c>HeapFrontend.Returns</c> and
/// nowhere else.
/// </para>
/// <para>
/// They may be called by several threads at once, and in signal handlers; they must not use the heap. A block
/// that is resized in place is reported as returned and left again.
/// </para>
/// </remarks>
/// <param name="allocated">
/// Called after a block was allocated, with the observer, the block and the size requested.
/// </param>
/// <param name="freed">
/// Called before a block is freed, with the observer, the block and its usable size.
/// </param>
internal readonly unsafe struct HeapObserver(
    delegate*<HeapObserver*, void*, nuint, void> allocated,
    delegate*<HeapObserver*, void*, nuint, void> freed)
{
    internal readonly delegate*<HeapObserver*, void*, nuint, void> Allocated = allocated;

    internal readonly delegate*<HeapObserver*, void*, nuint, void> Freed = freed;
}
