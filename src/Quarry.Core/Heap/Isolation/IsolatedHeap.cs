using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// A heap that keeps everything it knows of its blocks apart from them, and checks them: the heap of the
/// modes <c>checked</c> and <c>hardened</c>, which differ in its <see cref="IsolationOptions"/> only.
/// </summary>
/// <remarks>
/// <para>
/// Blocks of up to almost 64 KiB have slots in slabs; larger ones have mappings of their own between
/// inaccessible pages. A slot is larger than its block by a canary at least:
/// </para>
/// <code>
///  slab: one to eight slices of 64 KiB                                    inaccessible slice, then the next
///  ┌──────────────────────────────────┬───────────────────────────┬─ ─ ─ ─ ─┬─────────┐
///  │ block            │canary│ unused │ block            │ canary │         │         │
///  │                  │      │ │canary│                  │        │         │         │
///  └──────────────────┴──────┴─┴──────┴──────────────────┴────────┴─ ─ ─ ─ ─┴─────────┘
///  other range: descriptor, bitmap of free slots, and a record of the state and the size of each
/// </code>
/// <para>
/// The canary behind a block, and the one at the end of the slot before it, are compared when the block is
/// freed. A freed block is filled, waits in the quarantine of its class, and is compared with the filling
/// before it is used again. No list runs through blocks, so a write to a freed one cannot lead to another.
/// </para>
/// <para>
/// Each class of each shard has a lock, which a thread holds for a few instructions. Where it cannot be
/// entered, see <see cref="ThreadLock"/>, allocating returns null, so that the caller uses another heap, and
/// a block that is freed is leaked.
/// </para>
/// </remarks>
internal unsafe partial struct IsolatedHeap
{
    /// <summary>The value with which allocated blocks are filled, if the policy asks for it.</summary>
    internal const byte Junk = 0xa5;

    /// <summary>The largest size of a block in a slab.</summary>
    internal const nuint MaxSlabBlock = MaxSlot - CanaryBytes;

    private const int Log2Slice = 16;
    private const nuint SliceBytes = 1 << Log2Slice;
    private const nuint MaxSlot = SliceBytes;
    private const nuint MinReserve = 16 * 1024 * 1024;
    private const nuint MinAlignment = 16;
    private const nuint CanaryBytes = 8;
    private const nuint LineBytes = 64;

    private IsolationOptions _options;
    private IsolatedThread _unknownThread;
    private int _classes;
    private uint _recordWords;
    private SlotClass* _slotClasses;
    private nuint _nextShard;

    // Of the slabs: see the other parts of this structure.
    private byte* _base;
    private nuint _sliceCount;
    private byte* _descriptors;
    private nuint _descriptorBytes;
    private ThreadLock _supplyLock;
    private nuint _highWater;
    private nuint _committed;
    private nuint _describedTo;
    private nuint _sinceGuard;
    private ulong _random;
    private SlabStacks _freeSlabs;

    private LargeTable _large;
    private ulong _largeDraws;

    // Of the statistics, profiles and limits.
    private MemoryAccount _account;
    private BlockCounts* _largeCounts;
    private nuint _resizedBytes;
    private nuint _grownBytes;
    private nuint _samples;

    /// <summary>Gets a value that indicates whether records have histories.</summary>
    internal readonly bool Explains => _options.Explains;

    /// <summary>Gets the number of slices that were ever used.</summary>
    internal readonly nuint SlicesUsed => _highWater;

    private static int ClassCount => (int)EightPerDoubling.IndexOf(MaxSlot) + 1;

    /// <summary>Reserves address space for a heap; returns null if out of memory.</summary>
    internal static IsolatedHeap* TryCreate(IsolationOptions options)
    {
        int classes = options.Shards * ClassCount;
        nuint own = Layout.AlignUp((nuint)sizeof(IsolatedHeap), LineBytes);
        nuint records = own + ((nuint)classes * (nuint)sizeof(SlotClass));
        nuint bytes = records;
        for (int index = 0; index < ClassCount; index++)
        {
            bytes += (nuint)options.Shards * QuarantineLength(options, index) * (nuint)sizeof(void*);
        }

        nuint counts = bytes;
        bytes += (nuint)BlockCounts.Steps * (nuint)sizeof(BlockCounts);

        IsolatedHeap* heap = (IsolatedHeap*)MapBetweenGuards(bytes);
        if (heap == null)
        {
            return null;
        }

        heap->_options = options;
        heap->_random = SplitMix64.Mix(options.Secret + 1) | 1;
        heap->_classes = classes;
        heap->_recordWords = options.Explains ? 1 + ((uint)sizeof(BlockHistory) / sizeof(uint)) : 1u;
        heap->_slotClasses = (SlotClass*)((byte*)heap + own);
        heap->_largeCounts = (BlockCounts*)((byte*)heap + counts);
        void** quarantine = (void**)((byte*)heap + records);
        for (int index = 0; index < classes; index++)
        {
            SlotClass* slots = heap->_slotClasses + index;
            slots->Random = SplitMix64.Mix(options.Secret + (ulong)index + 2) | 1;
            slots->QuarantineLength = QuarantineLength(options, index % ClassCount);
            slots->Quarantine = quarantine;
            quarantine += slots->QuarantineLength;
        }

        if (heap->TryReserveSlabs() && LargeTable.TryStart(&heap->_large, options.QuarantineBlocks))
        {
            return heap;
        }

        PageSource source = PageSource.System();
        bytes = Layout.AlignUp(bytes, Os.PageSize) + (2 * Os.PageSize);
        source.Release(source.State, (byte*)heap - Os.PageSize, bytes);
        return null;
    }

    /// <summary>Determines whether a slot or a large block, in use or freed, contains an address.</summary>
    internal static bool Contains(IsolatedHeap* heap, void* address) =>
        heap->IsInSlabs(address) || LargeTable.Contains(&heap->_large, address);

    /// <summary>
    /// Returns the number of bytes requested for the block in use that begins at an address; at least 1, and
    /// 0 if there is none.
    /// </summary>
    internal static nuint SizeOf(IsolatedHeap* heap, void* address)
    {
        IsolatedBlock block = Find(heap, address);
        return block.Address == address && block.State == SlotState.InUse ? block.Size : 0;
    }

    /// <summary>Returns what is known of the block whose slot or mapping contains an address.</summary>
    internal static IsolatedBlock Find(IsolatedHeap* heap, void* address)
    {
        if (!heap->IsInSlabs(address))
        {
            _ = LargeTable.TryFind(&heap->_large, address, out LargeBlock large);
            return large.Details;
        }

        Slab* slab = heap->SlabOf(address);
        IsolatedBlock found = default;
        if (slab != null)
        {
            nuint offset = (nuint)((byte*)address - heap->StartOf(slab));
            uint index = (uint)offset / slab->SlotSize;
            uint* record = Slab.Record(slab, index, heap->_recordWords);
            uint state = Atomic.Read(ref *record);
            if (index < slab->Capacity && SlotState.Of(state) != SlotState.Unused)
            {
                found.Address = heap->StartOf(slab) + (index * slab->SlotSize);
                found.Size = state & SlotState.SizeMask;
                found.State = SlotState.Of(state);
                found.History = heap->_options.Explains ? *(BlockHistory*)(record + 1) : default;
            }
        }

        return found;
    }

    /// <summary>Enters all locks before the process forks, so that the child finds nothing half done.
    /// </summary>
    internal static void EnterForFork(IsolatedHeap* heap, IsolatedThread* thread)
    {
        thread = thread == null ? &heap->_unknownThread : thread;
        for (int index = 0; index < heap->_classes; index++)
        {
            heap->_slotClasses[index].Lock.EnterForFork(thread);
        }

        heap->_supplyLock.EnterForFork(thread);
        heap->_large.Lock.EnterForFork(thread);
    }

    /// <summary>Leaves the locks again, in the parent and in the child.</summary>
    internal static void ExitAfterFork(IsolatedHeap* heap, IsolatedThread* thread)
    {
        thread = thread == null ? &heap->_unknownThread : thread;
        heap->_large.Lock.ExitAfterFork(thread);
        heap->_supplyLock.ExitAfterFork(thread);
        for (int index = 0; index < heap->_classes; index++)
        {
            heap->_slotClasses[index].Lock.ExitAfterFork(thread);
        }
    }

    private static SlotClass* ClassOf(IsolatedHeap* heap, nuint slot, IsolatedThread* thread)
    {
        if (thread->ShardPlusOne == 0)
        {
            nuint next = Atomic.Add(ref heap->_nextShard, 1) - 1;
            thread->ShardPlusOne = (uint)(next % (nuint)heap->_options.Shards) + 1;
        }

        nuint first = (thread->ShardPlusOne - 1) * (nuint)ClassCount;
        return heap->_slotClasses + first + EightPerDoubling.IndexOf(slot);
    }

    private static nuint QuarantineLength(IsolationOptions options, int index)
    {
        // Never without one: the block that was freed last is not the next that is allocated.
        const nuint Least = 4;
        nuint length = options.QuarantineBytes / EightPerDoubling.SizeOf((nuint)index);
        return length < Least ? Least
            : length > options.QuarantineBlocks ? options.QuarantineBlocks
            : length;
    }

    /// <summary>Maps zeroed memory with an inaccessible page at each end; null if out of memory.</summary>
    private static void* MapBetweenGuards(nuint bytes)
    {
        bytes = Layout.AlignUp(bytes, Os.PageSize);
        PageSource source = PageSource.System();
        byte* start = (byte*)source.Reserve(source.State, bytes + (2 * Os.PageSize), Os.PageSize);
        return start != null && source.Commit(source.State, start + Os.PageSize, bytes)
            ? start + Os.PageSize
            : null;
    }

    /// <summary>Captures the caller's stack; returns 0 if stacks are not captured.</summary>
    private static uint StackOf(IsolatedHeap* heap, IsolatedThread* thread) =>
        heap->_options.Capture == null ? 0 : heap->_options.Capture(thread);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Report(
        IsolatedHeap* heap, GuardError error, void* address, IsolatedBlock block, nuint passed = 0)
    {
        if (heap->_options.OnError != null)
        {
            IsolatedError report = new()
            {
                Error = error,
                Address = address,
                Details = block,
                Passed = passed,
            };
            heap->_options.OnError(heap, &report);
        }
    }
}
