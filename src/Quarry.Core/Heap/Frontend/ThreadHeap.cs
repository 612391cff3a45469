using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The part of a heap that one thread uses alone.</summary>
/// <remarks>
/// <para>
/// For each size class there is a list of free blocks, all from one page, the current one of the class.
/// Taking a block is popping it; no counter is kept, as the page counts a block as used from the moment it
/// enters the list. A freed block goes to the list of its page. When the thread's list is empty it is
/// refilled from the current page, or another page becomes the current one.
/// </para>
/// <para>
/// Thread heaps never go away while the heap lives. When a thread ends its thread heap becomes an orphan,
/// and another thread continues it. Hence a pointer to one that another thread reads is always good.
/// </para>
/// <para>
/// The order of stores is chosen so that a thread killed between any two of them has lost blocks at most: a
/// chain is taken out of one place before it is put into the next.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe partial struct ThreadHeap
{
    /// <summary>
    /// Size and alignment. Larger than any <see cref="Page.Left"/>, so that the addresses of two thread
    /// heaps differ by more than that: this lets the fast path test owner and count in one comparison.
    /// </summary>
    internal const int Bytes = 8192;

    /// <summary>Free list that is always empty, for sizes that the table does not cover.</summary>
    private const int NoClass = SizeClass.Count;

    // Offsets. The free lists come first: an index scaled by 8 is then all the addressing that the fast
    // path needs. Only threads that free other threads' blocks touch the second page.
    private const int ListBytes = SizeClass.Count * 8;
    private const int BaseOffset = ListBytes + 8;
    private const int ClassTableOffset = BaseOffset + 32;
    private const int CurrentOffset = ClassTableOffset + SizeClass.TableLength + 6;
    private const int AvailableOffset = CurrentOffset + ListBytes;
    private const int TakenOffset = AvailableOffset + ListBytes;
    private const int InboxOffset = 3712;
    private const int LifeOffset = InboxOffset + 64;
    private const int OutgoingOffset = 4096;

    /// <summary>Copies of the first region's fields, at hand for the fast path.</summary>
    [FieldOffset(BaseOffset)]
    public byte* Base;

    /// <inheritdoc cref="Base"/>
    [FieldOffset(BaseOffset + 8)]
    public Page* Pages;

    /// <inheritdoc cref="Base"/>
    [FieldOffset(BaseOffset + 16)]
    public nuint SliceCount;

    /// <summary>The heap; null in the placeholder of threads that have no thread heap yet.</summary>
    [FieldOffset(BaseOffset + 24)]
    public HeapState* Heap;

    /// <summary>
    /// Chains of blocks of this thread's that others have freed; any thread pushes, the owner takes all.
    /// </summary>
    [FieldOffset(InboxOffset)]
    public nuint Inbox;

    /// <summary>
    /// The number of the thread that uses this, 0 if it is an orphan; and above it how often that has
    /// changed. Who changes it from what it has seen owns the thread heap. The count tells two threads of
    /// the same number apart.
    /// </summary>
    [FieldOffset(LifeOffset)]
    public ulong User;

    /// <summary>The next of all thread heaps.</summary>
    [FieldOffset(LifeOffset + 8)]
    public ThreadHeap* Next;

    /// <summary>
    /// Nonzero while the thread is in a slow path. Found so at its end, the thread was torn out of it, and
    /// the counters and lists of pages cannot be trusted.
    /// </summary>
    [FieldOffset(LifeOffset + 16)]
    public int Busy;

    /// <summary>Slots of the outgoing table that hold a chain.</summary>
    [FieldOffset(LifeOffset + 20)]
    public int OutgoingUsed;

    internal readonly int ThreadId => (int)User;

    private static Block** FreeLists(ThreadHeap* thread) => (Block**)thread;

    private static Page** Current(ThreadHeap* thread) => (Page**)((byte*)thread + CurrentOffset);

    private static Page** Available(ThreadHeap* thread) => (Page**)((byte*)thread + AvailableOffset);

    private static RemoteBatch* Outgoing(ThreadHeap* thread) =>
        (RemoteBatch*)((byte*)thread + OutgoingOffset);

    /// <summary>
    /// How many blocks of each class have entered the free list: those allocated, and those still in it.
    /// </summary>
    private static nuint* Taken(ThreadHeap* thread) => (nuint*)((byte*)thread + TakenOffset);
}
