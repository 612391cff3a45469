using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The part of a heap that only one thread uses.</summary>
/// <remarks>
/// <para>
/// Each size class has a list of free blocks, all from one page, the current page of the class. Allocating
/// pops a block and updates no counter, because the page counts a block as used from the moment it enters the
/// thread's list. A freed block is added to the list of its page. When the thread's list is empty, it is
/// refilled from the current page, or another page becomes current.
/// </para>
/// <para>
/// Thread heaps exist as long as the heap. When a thread ends, its thread heap is abandoned, and another
/// thread reclaims it. So a pointer to a thread heap that any thread reads is always valid.
/// </para>
/// <para>
/// Stores are ordered so that a thread killed between any two of them leaks blocks at most: a chain is
/// removed from one place before it is added to the next.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct ThreadHeap
{
    /// <summary>
    /// The size and the alignment, in bytes. Larger than any <see cref="Page.Left"/>: the exclusive or of the
    /// addresses of two thread heaps is at least this number, so the fast path tests the owner and the count
    /// in one comparison.
    /// </summary>
    internal const int Bytes = 8192;

    /// <summary>The most size classes that a geometry may have.</summary>
    internal const int MaxClasses = 87;

    /// <summary>
    /// The index of a list that is always empty, for sizes that the class table does not cover.
    /// </summary>
    internal const int NoClass = MaxClasses;

    /// <summary>The largest size that the class table covers.</summary>
    internal const nuint MaxTableSize = 1024;

    /// <summary>
    /// The length of the class table: one entry for each size from 0, and one for all larger sizes. A table
    /// with one entry for each multiple of 16 would be smaller, but cost two more instructions on each call;
    /// of this table, only the cache lines of the sizes in use are touched.
    /// </summary>
    internal const int TableLength = (int)MaxTableSize + 2;

    // The free lists come first, so that the fast path addresses them by an index scaled by 8 alone. Only
    // threads that free other threads' blocks, or are sampled, touch the second 4 KiB of the structure.
    private const int ListBytes = MaxClasses * 8;
    private const int PrimaryOffset = ListBytes + 8;
    private const int ClassTableOffset = PrimaryOffset + 32;
    private const int CurrentOffset = ClassTableOffset + TableLength + 6;
    private const int AvailableOffset = CurrentOffset + ListBytes;
    private const int ListedOffset = AvailableOffset + ListBytes;
    private const int KeptOffset = ListedOffset + ListBytes;
    private const int RemoteQueueOffset = 3904;
    private const int LifeOffset = RemoteQueueOffset + 64;
    private const int RemoteCacheOffset = 4096;
    private const int SampleCountdownOffset = 6144;
    private const int GuardCountdownOffset = SampleCountdownOffset + ListBytes;
    private const int CountersOffset = GuardCountdownOffset + ListBytes;
    private const int GuestsOffset = CountersOffset + 64;
    private const int LimitsOffset = GuestsOffset + (GuestSlot.Count * 32);

    /// <summary>A copy of the primary region's field, for the fast path.</summary>
    [FieldOffset(PrimaryOffset)]
    public byte* Base;

    /// <inheritdoc cref="Base"/>
    [FieldOffset(PrimaryOffset + 8)]
    public Page* Pages;

    /// <inheritdoc cref="Base"/>
    [FieldOffset(PrimaryOffset + 16)]
    public nuint SliceCount;

    /// <summary>The heap; null in the placeholder of threads that have no thread heap yet.</summary>
    [FieldOffset(PrimaryOffset + 24)]
    public HeapState* Heap;

    /// <summary>The large block that the thread keeps; null before it has freed one.</summary>
    [FieldOffset(KeptOffset)]
    public KeptBlock* Kept;

    /// <summary>
    /// Chains of this thread's blocks that other threads freed; see <see cref="Quarry.RemoteQueue"/>. In a
    /// cache line with the other fields that any thread reads or writes: a thread that pushes a chain then
    /// reads <see cref="User"/>.
    /// </summary>
    [FieldOffset(RemoteQueueOffset)]
    public nuint RemoteQueue;

    /// <summary>
    /// The lower half is the ID of the thread that uses this thread heap, 0 if it is abandoned; the upper
    /// half counts the changes. A thread that replaces the value it read, by a compare-and-swap, with its own
    /// ID owns the thread heap. The count distinguishes two threads with the same ID.
    /// </summary>
    [FieldOffset(RemoteQueueOffset + 8)]
    public ulong User;

    /// <summary>The next thread heap of the heap.</summary>
    [FieldOffset(RemoteQueueOffset + 16)]
    public ThreadHeap* Next;

    /// <summary>
    /// The value of <see cref="Drains"/> when another thread last searched for sleeping threads.
    /// </summary>
    [FieldOffset(RemoteQueueOffset + 24)]
    public nuint SeenDrains;

    /// <summary>
    /// The ID of the thread that relieves, rebuilds or inspects the thread heap; 0 if none does.
    /// </summary>
    [FieldOffset(RemoteQueueOffset + 32)]
    public nuint Reliever;

    /// <summary>
    /// About how many bytes were posted since the queue was drained, or searched for unused pages.
    /// </summary>
    [FieldOffset(RemoteQueueOffset + 40)]
    public nuint PostedBytes;

    /// <summary>
    /// The number of such bytes at which the queue is searched again; 0 if it was drained since.
    /// </summary>
    [FieldOffset(RemoteQueueOffset + 48)]
    public nuint BytesToSearch;

    /// <summary>
    /// The address of a local variable of the slow path in which the thread is; 0 if it is in none. See
    /// <see cref="ThreadLifetime.TryEnter"/>.
    /// </summary>
    [FieldOffset(LifeOffset)]
    public nuint Busy;

    /// <summary>The number of slots of the remote cache that hold a chain.</summary>
    [FieldOffset(LifeOffset + 8)]
    public int RemoteCacheUsed;

    /// <summary>
    /// The number of slow paths until the clock is read, and of refills since it was read last; see <see
    /// cref="Quarry.ThreadClock"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 12)]
    public int PathsToClock;

    /// <summary>
    /// The <see cref="HeapBackend.Version"/> to which the thread heap was last updated.
    /// </summary>
    [FieldOffset(LifeOffset + 16)]
    public nuint Version;

    /// <summary>The number of times the remote queue was drained; written only by the user.</summary>
    [FieldOffset(LifeOffset + 24)]
    public nuint Drains;

    /// <summary>A value that indicates whether every call takes the slow path, for an observer.</summary>
    [FieldOffset(LifeOffset + 32)]
    public bool Observed;

    /// <summary>
    /// A value that indicates whether this thread heap serves the sampled small blocks of all threads, one of
    /// which claims it for each block; see <see cref="ThreadLifetime.AcquireSamples"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 33)]
    public bool Samples;

    /// <summary>
    /// A value that indicates whether the bytes that the thread allocates and frees are counted, see <see
    /// cref="ThreadLifetime.StartCounting"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 34)]
    public bool Counted;

    /// <summary>
    /// A value that indicates whether threads claim this thread heap for one call each: one for sampled
    /// blocks, or one that <see cref="ThreadLifetime.AcquireShared"/> returned. Abandoned between the calls.
    /// </summary>
    [FieldOffset(LifeOffset + 35)]
    public bool IsShared;

    /// <summary>
    /// A value that indicates whether the thread is in a function of the program that provides memory.
    /// </summary>
    [FieldOffset(LifeOffset + 36)]
    public bool InSource;

    /// <summary>
    /// A value that indicates whether the free lists of the thread hold one block at most.
    /// </summary>
    [FieldOffset(LifeOffset + 37)]
    public bool Uncached;

    /// <summary>
    /// A value that indicates whether refills may not provide whole lists: because of <see cref="Chooses"/>,
    /// <see cref="RefillLimit"/> or <see cref="HasListLimits"/>, of which one test covers all.
    /// </summary>
    [FieldOffset(LifeOffset + 38)]
    public bool Restricted;

    /// <summary>
    /// A value that indicates whether the thread uses this thread heap for the requests that name its heap,
    /// beside the one that serves all others.
    /// </summary>
    [FieldOffset(LifeOffset + 39)]
    public bool IsGuest;

    /// <summary>
    /// The <see cref="HeapState.SampleInterval"/> that this thread follows; 0 if it is not sampled.
    /// </summary>
    [FieldOffset(LifeOffset + 48)]
    public nuint SampleInterval;

    /// <summary>The number of refills of free lists until the clock was last read.</summary>
    [FieldOffset(LifeOffset + 56)]
    public nuint Refills;

    /// <summary>The time, in milliseconds, when the thread last read the clock.</summary>
    [FieldOffset(LifeOffset + 64)]
    public nuint ClockAt;

    /// <summary>The number of slow paths between two readings, less one.</summary>
    [FieldOffset(LifeOffset + 72)]
    public int PathsPerReading;

    /// <summary>The most blocks that a refill provides; 0 for no limit.</summary>
    [FieldOffset(LifeOffset + 76)]
    public int RefillLimit;

    /// <summary>The thread heap that served this thread's last sampled block; a hint.</summary>
    [FieldOffset(LifeOffset + 80)]
    public ThreadHeap* LastSamples;

    /// <summary>The number of free lists that were returned to their pages.</summary>
    [FieldOffset(LifeOffset + 88)]
    public nuint Flushes;

    /// <summary>
    /// The <see cref="GuardedBlocks.Interval"/> that this thread follows; 0 if it has no guarded blocks.
    /// </summary>
    [FieldOffset(LifeOffset + 96)]
    public nuint GuardInterval;

    /// <summary>
    /// A value that indicates whether some blocks are sampled or guarded; see <see cref="BlockCountdowns"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 104)]
    public bool Chooses;

    /// <summary>
    /// A value that indicates whether lists have limits of their own, see <see cref="ListLimits"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 105)]
    public bool HasListLimits;

    /// <summary>
    /// The class whose pages <see cref="IdlePages"/> visits; the number of classes between two sweeps.
    /// </summary>
    [FieldOffset(LifeOffset + 106)]
    public byte IdleClass;

    /// <summary>
    /// A value that indicates whether the thread heap was abandoned with its free lists and current pages,
    /// for the next thread; see <see cref="ThreadLifetime.RetireForSuccessor"/>.
    /// </summary>
    [FieldOffset(LifeOffset + 107)]
    public bool KeepsLists;

    /// <summary>
    /// The number of pages in which there may be something to purge in the next sweep: those that became
    /// available, or were found to have changed.
    /// </summary>
    [FieldOffset(LifeOffset + 108)]
    public int IdleCandidates;

    /// <summary>
    /// The page that is visited next, in the list of available pages of <see cref="IdleClass"/>; null at the
    /// end of the list.
    /// </summary>
    [FieldOffset(LifeOffset + 112)]
    public Page* IdlePage;

    /// <summary>The time, in milliseconds, at which the next sweep may begin.</summary>
    [FieldOffset(LifeOffset + 120)]
    public nuint IdleDue;

    /// <summary>
    /// The usable bytes of all blocks that the thread allocated since it asked for the number. Written by the
    /// thread, read by any, also after the thread has ended.
    /// </summary>
    [FieldOffset(CountersOffset)]
    public nuint AllocatedBytes;

    /// <summary>Likewise for the blocks that the thread freed.</summary>
    [FieldOffset(CountersOffset + 8)]
    public nuint FreedBytes;

    /// <summary>
    /// If a thread uses this thread heap in addition to one of another heap: that one, which counts the bytes
    /// of both. Otherwise null.
    /// </summary>
    [FieldOffset(CountersOffset + 16)]
    public ThreadHeap* Home;

    /// <summary>
    /// The highest value of <see cref="AllocatedBytes"/> less <see cref="FreedBytes"/> since the last reset.
    /// </summary>
    [FieldOffset(CountersOffset + 24)]
    public nuint PeakBytes;

    /// <summary>That difference at the last reset, which counts as 0.</summary>
    [FieldOffset(CountersOffset + 32)]
    public nuint PeakBase;

    /// <summary>
    /// A thread heap that the thread has left, and retires when none of its calls uses it any more.
    /// </summary>
    [FieldOffset(CountersOffset + 40)]
    public ThreadHeap* Former;

    /// <summary>
    /// The last class of which lists hold more than one block; see <see cref="ListLimits"/>.
    /// </summary>
    [FieldOffset(CountersOffset + 48)]
    public int LastListed;

    /// <summary>
    /// What the thread word refers to instead of this thread heap, if the heap has an <see
    /// cref="IsolatedHeap"/>: see <see cref="ThreadLifetime.FacadeOf"/>.
    /// </summary>
    [FieldOffset(CountersOffset + 56)]
    public ThreadHeap* Facade;

    internal readonly int ThreadId => (int)User;

    /// <summary>
    /// Returns the thread heap that a thread has as long as it lives, which counts its bytes.
    /// </summary>
    internal static ThreadHeap* HomeOf(ThreadHeap* thread) => thread->Home == null ? thread : thread->Home;

    /// <summary>Sets <see cref="RefillLimit"/>.</summary>
    internal static void SetRefillLimit(ThreadHeap* thread, int blocks)
    {
        thread->RefillLimit = blocks;
        thread->Restricted = thread->Chooses || blocks != 0 || thread->HasListLimits;
    }

    internal static Block** FreeLists(ThreadHeap* thread) => (Block**)thread;

    /// <summary>In a facade: what the isolated heap keeps for the thread.</summary>
    internal static IsolatedThread* Isolated(ThreadHeap* facade) =>
        (IsolatedThread*)((byte*)facade + RemoteCacheOffset);

    /// <summary>The class of each size up to <see cref="MaxTableSize"/>.</summary>
    internal static byte* ClassTable(ThreadHeap* thread) => (byte*)thread + ClassTableOffset;

    internal static Page** Current(ThreadHeap* thread) => (Page**)((byte*)thread + CurrentOffset);

    internal static Page** Available(ThreadHeap* thread) => (Page**)((byte*)thread + AvailableOffset);

    internal static RemoteChain* RemoteCache(ThreadHeap* thread) =>
        (RemoteChain*)((byte*)thread + RemoteCacheOffset);

    /// <summary>
    /// The slots of the thread heaps that a thread uses as a guest of other heaps; in its home.
    /// </summary>
    internal static GuestSlot* Guests(ThreadHeap* thread) => (GuestSlot*)((byte*)thread + GuestsOffset);

    /// <summary>
    /// The countdown to the next sampled block of each class, see <see cref="BlockCountdowns"/>.
    /// </summary>
    internal static nuint* SampleCountdown(ThreadHeap* thread) =>
        (nuint*)((byte*)thread + SampleCountdownOffset);

    /// <summary>Likewise, to the next guarded block.</summary>
    internal static nuint* GuardCountdown(ThreadHeap* thread) =>
        (nuint*)((byte*)thread + GuardCountdownOffset);

    /// <summary>The most blocks in the free list of each class; 0 for no limit.</summary>
    internal static ushort* Limits(ThreadHeap* thread) => (ushort*)((byte*)thread + LimitsOffset);

    /// <summary>
    /// The number of blocks of each class that have entered the free list: the allocated blocks and those
    /// still in the list.
    /// </summary>
    internal static nuint* Listed(ThreadHeap* thread) => (nuint*)((byte*)thread + ListedOffset);
}
