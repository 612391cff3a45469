using System.Threading;

namespace Quarry.Malloc;

/// <summary>The arenas of the process, in jemalloc's numbering.</summary>
/// <remarks>
/// The process heap is arena 0. Each of the others is a heap like those of the library; see <see
/// cref="ArenaOptions"/> for those that are not created by the program.
/// </remarks>
internal static unsafe partial class Arenas
{
    /// <summary>The index of the first arena that is not the process heap.</summary>
    internal const uint AfterFirst = 1;

    /// <summary>The index that stands for all arenas together.</summary>
    internal const uint All = 4096;

    /// <summary>The index that stands for all destroyed arenas together.</summary>
    internal const uint Destroyed = 4097;

    // The last index is 4094: the flags of mallocx have 12 bits for the index plus 1.
    private const uint MaxCount = 4095;

    private static SignalBlockingLock s_lock;

    // The records of all arenas but the first, by index; mapped when the first one is created.
    private static nuint s_table;
    private static uint s_count = 1;

    // The key of the last arena that the program created. Those of automatic ones are their indexes plus 1.
    private static nuint s_lastKey = MaxCount;

    // The index of the arena that was destroyed last, plus 1; 0 if there is none.
    private static uint s_firstFree;

    private static Arena s_first;
    private static ExtentHooks s_defaultHooks;

    /// <summary>Gets the statistics of the lock.</summary>
    internal static LockStatistics LockStatistics => s_lock.Statistics;

    /// <summary>
    /// Gets the number of indexes of automatic arenas and of those that the program ever created.
    /// </summary>
    internal static uint Count => Atomic.Read(ref s_count);

    /// <summary>Gets a value that indicates whether threads are spread over several arenas.</summary>
    internal static bool AreSeveral => ArenaOptions.Count > 1 && Count > 1;

    /// <summary>
    /// Sets the limit of the automatic arenas together, and of each other one, in bytes; 0 for no limit.
    /// </summary>
    internal static void SetLimit(nuint bytes)
    {
        Lock();
        nuint index = 0;
        if (Budget != null)
        {
            Atomic.Write(ref Budget->Limit, bytes);
            index = ArenaOptions.Total;
        }

        while (TryNext(ref index, out Arena* arena))
        {
            Atomic.Write(ref arena->Heap->Backend.Limit, bytes);
        }

        Unlock();
    }

    /// <summary>Returns the time since an arena was created, in nanoseconds; 0 if there is none.</summary>
    internal static nuint AgeOf(nuint index)
    {
        Arena* arena = Find(index);
        return arena == null ? 0 : (nuint)(Os.Nanoseconds() - arena->Created);
    }

    /// <summary>Returns the number of arenas that exist.</summary>
    internal static uint CountLive()
    {
        uint count = 0;
        nuint index = 0;
        while (TryNext(ref index, out _))
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Determines whether an index stands for all arenas; as in jemalloc, the number of arenas does too.
    /// </summary>
    internal static bool IsAll(nuint index) => index == Count || index == All;

    /// <summary>Returns the heap of an arena; null if there is no such arena.</summary>
    internal static HeapState* HeapOf(nuint index)
    {
        Arena* arena = Find(index);
        return arena == null ? null : arena->Heap;
    }

    /// <summary>Returns an arena; null if there is none.</summary>
    internal static Arena* Find(nuint index)
    {
        Arena* arena = index >= Count ? null : Record(index);
        return arena == null || Atomic.Read(ref *(nuint*)&arena->Heap) == 0 ? null : arena;
    }

    /// <summary>Returns the record of an index below <see cref="Count"/>.</summary>
    internal static Arena* Record(nuint index) =>
        index == 0 ? First : (Arena*)Atomic.Read(ref s_table) + index;

    /// <summary>Enumerates the arenas. None may be destroyed while the caller uses its heap.</summary>
    /// <param name="index">The index from which to search; becomes the one after that of the arena.</param>
    /// <param name="arena">The arena.</param>
    /// <returns>False if there are no more.</returns>
    internal static bool TryNext(ref nuint index, out Arena* arena)
    {
        arena = null;
        while (arena == null && index < Count)
        {
            arena = Find(index++);
        }

        return arena != null;
    }

    /// <summary>Makes the process heap arena 0.</summary>
    internal static void Start(HeapState* heap)
    {
        Prepare(First, 0);
        First->Key = 1;
        SetThresholds(heap);
        Describe(First);
        Atomic.Write(ref *(nuint*)&First->Heap, (nuint)heap);
        if (ArenaOptions.Total > 1 && Table() != null)
        {
            s_budget.Limit = heap->Backend.Limit;

            // After the table and the limit. Pairs with Count.
            Volatile.Write(ref s_count, ArenaOptions.Total);
            heap->OversizeFrom = ArenaOptions.OversizeThreshold == 0
                ? nuint.MaxValue
                : ArenaOptions.OversizeThreshold;
            Share(heap);
        }
    }

    /// <summary>
    /// Returns the heap whose range contains an address; the process heap if no other does.
    /// </summary>
    internal static HeapState* HeapAt(void* address)
    {
        Arena* arena = ArenaMap.Find(address);

        // Null if the address is no block yet, or none any more, while the arena is created or destroyed.
        HeapState* heap = arena == null ? null : (HeapState*)Atomic.Read(ref *(nuint*)&arena->Heap);
        return heap == null ? ProcessHeap.Heap : heap;
    }

    /// <summary>Returns the page source of the process heap.</summary>
    internal static PageSource FirstPages() => ArenaPages.Of(First);

    /// <summary>Gets the hooks of arenas for which the program has installed none.</summary>
    internal static ExtentHooks* DefaultHooks
    {
        get
        {
            fixed (ExtentHooks* hooks = &s_defaultHooks)
            {
                ExtentHooks.FillDefault(hooks);
                return hooks;
            }
        }
    }

    /// <summary>Creates an arena; false if out of memory or of indexes.</summary>
    /// <param name="hooks">The extent hooks that provide all of its memory; null for none.</param>
    /// <param name="index">The index of the arena.</param>
    internal static bool TryCreate(ExtentHooks* hooks, out uint index)
    {
        s_lock.Enter();
        Arena* table = Table();
        index = s_firstFree != 0 ? s_firstFree - 1 : s_count;
        bool created = table != null && index < MaxCount && TryStart(table + index, index, hooks);
        if (created && s_firstFree != 0)
        {
            s_firstFree = table[index].NextFree;
        }
        else if (created)
        {
            Volatile.Write(ref s_count, s_count + 1);
        }

        Unlock();
        return created;
    }

    /// <summary>Frees all blocks of an arena that the program created.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int Reset(nuint index)
    {
        Arena* arena = Find(index);
        if (index < ArenaOptions.Total || arena == null)
        {
            return MallctlError.Fault;
        }

        Frontend.Reset(arena->Heap);
        return MallctlError.None;
    }

    /// <summary>
    /// Destroys an arena that the program created and to which no thread is bound, and returns its memory.
    /// </summary>
    /// <returns>0, or an error number.</returns>
    internal static int Destroy(nuint index)
    {
        s_lock.Enter();
        Arena* arena = Find(index);
        bool destroys = index >= ArenaOptions.Total && arena != null
            && ArenaThreads.CountBound(arena->Heap) == 0;
        if (destroys)
        {
            HeapState* heap = arena->Heap;
            BackgroundThread.Pause();
            arena->Key = nuint.MaxValue;
            Frontend.Reset(heap);
            Snapshots.Retire(arena);
            HookedPages.DestroyRetained(arena);
            Atomic.Write(ref *(nuint*)&arena->Heap, 0);
            HeapState.Destroy(heap);
            BackgroundThread.Resume();
            arena->NextFree = s_firstFree;
            s_firstFree = (uint)index + 1;
        }

        Unlock();
        return destroys ? MallctlError.None : MallctlError.Fault;
    }

    /// <summary>Installs extent hooks in an arena; only further memory comes from them.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int SetHooks(nuint index, ExtentHooks* hooks)
    {
        s_lock.Enter();
        Arena* arena = Ensure(index);
        bool valid = arena != null && hooks != null && !hooks->IsIncomplete;
        if (valid)
        {
            if (!arena->HasHooks)
            {
                // Before the hooks. A thread that has read the former size of regions may still ask the hooks
                // for one: if they refuse, it asks for smaller ones, and it does not double the size for the
                // next, because that has changed. See HeapBackend.TryAddRegion.
                arena->Heap->Backend.Supply.Source.ReservesAddressSpace = false;
                GrowByHooks(arena, arena->Heap);
            }

            Atomic.Write(ref *(nuint*)&arena->Hooks, (nuint)hooks);
        }

        Unlock();
        return valid ? MallctlError.None : MallctlError.Fault;
    }

    /// <summary>Sets the most bytes by which an arena grows at once.</summary>
    internal static void SetGrowLimit(Arena* arena, nuint bytes)
    {
        // With the lock: otherwise, hooks that are installed at the same time may apply the former limit.
        s_lock.Enter();
        arena->GrowLimit = bytes;
        if (arena->HasHooks)
        {
            HeapBackend* backend = &arena->Heap->Backend;
            backend->RegionLimit = bytes;
            nuint most = Layout.AlignDown(bytes, Region.Alignment);
            most = most < Region.MinSize ? Region.MinSize : most;
            backend->RegionSize = backend->RegionSize < most ? backend->RegionSize : most;
        }

        Unlock();
    }

    /// <summary>Enters the lock that creating, destroying and binding have in common.</summary>
    internal static void Lock() => s_lock.Enter();

    /// <summary>Enters the lock unless another thread, or the caller itself, has it.</summary>
    internal static bool TryLock() => s_lock.TryEnter();

    /// <summary>Sets the statistics of the locks to zero.</summary>
    internal static void ResetLockStatistics()
    {
        s_lock.ResetStatistics();
        s_lock.Enter();
        nuint index = 0;
        while (TryNext(ref index, out Arena* arena))
        {
            arena->Retained.ResetStatistics();
        }

        Unlock();
    }

    /// <summary>Makes the arenas usable in the child of a fork, which has one thread.</summary>
    internal static void StartInChild()
    {
        s_lock = default;
        nuint index = 0;
        while (TryNext(ref index, out Arena* arena))
        {
            arena->Retained.StartInChild();
            arena->Heap->ProcessId = Os.ProcessId();
            SampleDraw.SeedChild(arena->Heap);
        }
    }

    private static Arena* First
    {
        get
        {
            // A static of an image does not move.
            fixed (Arena* first = &s_first)
            {
                return first;
            }
        }
    }

    private static Arena* Table()
    {
        if (Atomic.Read(ref s_table) == 0)
        {
            // Before the process has threads, or under the lock.
            Atomic.Write(ref s_table, (nuint)Os.Map(MaxCount * (nuint)sizeof(Arena)));
        }

        return (Arena*)s_table;
    }

    private static bool TryStart(Arena* arena, uint index, ExtentHooks* hooks)
    {
        Prepare(arena, index);
        arena->Hooks = hooks;
        arena->Key = ++s_lastKey;
        HeapState* heap = CreateHeap(arena, hooks == null ? Options.Reserve : Region.Alignment);
        if (heap != null && hooks != null)
        {
            GrowByHooks(arena, heap);
        }

        // Published last: other threads find the arena by its index.
        Describe(arena);
        Atomic.Write(ref *(nuint*)&arena->Heap, (nuint)heap);
        return heap != null;
    }

    private static void Prepare(Arena* arena, uint index)
    {
        arena->Index = index;
        arena->GrowLimit = Layout.MaxSize;
    }

    private static HeapState* CreateHeap(Arena* arena, nuint reserve)
    {
        HeapState* heap = ProcessHeap.Create(ArenaPages.Of(arena), reserve, DecayControls.NewDirty);
        if (heap != null)
        {
            Observe(heap);
            SetThresholds(heap);
            heap->Backend.Limit = Budget != null ? Budget->Limit : ProcessHeap.Heap->Backend.Limit;
            heap->OnProgress = &HeapCallbacks.OnArenaProgress;
            heap->WantsProgress = 1;
        }

        return heap;
    }

    /// <summary>Has a heap grow in small steps, because all of an extent costs memory.</summary>
    private static void GrowByHooks(Arena* arena, HeapState* heap)
    {
        heap->Backend.RegionSize = Region.MinSize;
        heap->Backend.RegionLimit = arena->GrowLimit;
    }

    private static void Describe(Arena* arena)
    {
        arena->Created = Os.Nanoseconds();
        arena->MuzzyDecay = DecayControls.NewMuzzy;
        arena->SetDefaultName();
    }

    private static void SetThresholds(HeapState* heap)
    {
        if (ArenaOptions.OversizeThreshold != 0)
        {
            heap->Backend.PurgeFrom = ArenaOptions.OversizeThreshold;
        }
    }
}
