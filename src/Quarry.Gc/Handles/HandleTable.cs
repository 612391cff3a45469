using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The handles of the process.</summary>
/// <remarks>
/// Without collections, every handle is strong: weak references keep their targets, and tables with weak keys
/// keep their entries. In the mode <c>collect</c>, a collection clears handles. Cells are reused but never
/// unmapped, so that a handle used after it was freed reads null or another object instead of faulting.
/// Thread-safe, also for native threads.
/// <para>
/// A young collection only visits blocks of 64 handles in which an object was stored since the last
/// collection: the objects of all other handles are old. Every store of an object is a call, although the
/// runtime knows the address of the cell: the stock collector depends on it in the same way. The verifier
/// checks it.
/// </para>
/// </remarks>
internal static unsafe class HandleTable
{
    // EtwGCRootFlags
    private const nint RootPinned = 1, RootWeak = 2, RootRefCounted = 8;

    // For adding blocks.
    private static YieldingLock s_lock;
    private static FreeLists s_free;
    private static nuint s_segments;

    /// <summary>The number of visits of handles since <see cref="ResetCount"/>.</summary>
    internal static nuint Visited { get; private set; }

    /// <summary>
    /// Creates a handle; returns null if out of memory, for which the runtime throws an exception.
    /// </summary>
    internal static HandleCell* Create(ManagedObject* target, nint type, void* extra = null)
    {
        TaggedStack* free = FreeOf((nuint)type);
        nuint* link = TaggedStack.Pop(free);
        while (link == null)
        {
            if (!TryGrow(free))
            {
                return null;
            }

            link = TaggedStack.Pop(free);
        }

        HandleCell* cell = HandleSegment.CellOf(link);
        Atomic.Write(ref *link, (nuint)extra);

        // Last, because Scan considers a cell with an object complete.
        Store(cell, target);
        return cell;
    }

    /// <summary>Stores the object of a handle.</summary>
    internal static void Store(HandleCell* cell, ManagedObject* target)
    {
        RecordStore(cell, target);
        Atomic.Write(ref cell->Object, (nuint)target);
    }

    /// <summary>Stores the second object of a dependent handle.</summary>
    internal static void StoreSecondary(HandleCell* cell, ManagedObject* target)
    {
        RecordStore(cell, target);
        Atomic.Write(ref HandleCell.ExtraOf(cell), (nuint)target);
    }

    /// <summary>Stores the object of a handle if it has an expected one.</summary>
    internal static bool TryReplace(HandleCell* cell, nuint expected, ManagedObject* target)
    {
        RecordStore(cell, target);
        return Atomic.TryReplace(ref cell->Object, expected, (nuint)target);
    }

    internal static void Destroy(HandleCell* cell)
    {
        // Cleared before the cell is freed: a handle without an object is not considered.
        Atomic.Write(ref cell->Object, 0);
        TaggedStack.Push(FreeOf(HandleCell.TypeOf(cell)), HandleSegment.ExtraOf(cell));
    }

    /// <summary>
    /// Calls a function of the runtime, for heap dumps, with each handle. Managed threads must be suspended;
    /// native threads may create and free handles meanwhile, which may or may not be reported.
    /// </summary>
    internal static void Scan(void* function, nint context, bool dependent)
    {
        Reporter reporter = new(function, context, dependent);
        Visit(ref reporter);
    }

    /// <summary>
    /// Visits each handle that refers to an object, with the same restriction as <see cref="Scan"/>.
    /// </summary>
    internal static void Visit<TVisitor>(ref TVisitor visitor) where TVisitor : struct, IHandleVisitor =>
        Visit(ref visitor, young: false);

    /// <summary>
    /// Visits each handle in which an object may have been stored since the last collection.
    /// </summary>
    /// <param name="visitor">The visitor.</param>
    /// <param name="young">False to visit all handles.</param>
    internal static void Visit<TVisitor>(ref TVisitor visitor, bool young)
        where TVisitor : struct, IHandleVisitor
    {
        // Pairs with the write in TryAddSegment. Segments are never removed.
        for (byte* segment = First; segment != null; segment = HandleSegment.NextOf(segment))
        {
            ulong blocks = young ? Atomic.Read(ref *HandleSegment.StoredBlocks(segment)) : ulong.MaxValue;
            Visited += VisitBlocks(ref visitor, segment, blocks & HandleSegment.UsedBlocks(segment));
        }
    }

    /// <summary>
    /// Visits each handle that refers to an object while threads run, which may create and free handles. Does
    /// not count.
    /// </summary>
    internal static void VisitConcurrently<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IHandleVisitor
    {
        for (byte* segment = First; segment != null; segment = HandleSegment.NextOf(segment))
        {
            _ = VisitBlocks(ref visitor, segment, HandleSegment.UsedBlocks(segment));
        }
    }

    /// <summary>Starts to count visits, at the start of a collection.</summary>
    internal static void ResetCount() => Visited = 0;

    /// <summary>Returns the number of handles that refer to an object.</summary>
    internal static nuint Count()
    {
        Counter counter = default;
        Visit(ref counter);
        return counter.Count;
    }

    /// <summary>
    /// Considers all objects of handles old, at the end of a collection. Threads must be suspended.
    /// </summary>
    internal static void Age()
    {
        for (byte* segment = First; segment != null; segment = HandleSegment.NextOf(segment))
        {
            *HandleSegment.StoredBlocks(segment) = 0;
        }
    }

    /// <summary>Verifies that no object is young which a young collection would not visit.</summary>
    internal static void VerifyAge()
    {
        AgeVerifier verifier = default;
        for (byte* segment = First; segment != null; segment = HandleSegment.NextOf(segment))
        {
            ulong others = ~Atomic.Read(ref *HandleSegment.StoredBlocks(segment));
            _ = VisitBlocks(ref verifier, segment, others & HandleSegment.UsedBlocks(segment));
        }
    }

    private static byte* First => (byte*)Atomic.Read(ref s_segments);

    /// <returns>The number of handles.</returns>
    private static nuint VisitBlocks<TVisitor>(ref TVisitor visitor, byte* segment, ulong blocks)
        where TVisitor : struct, IHandleVisitor
    {
        nuint visited = 0;
        for (; blocks != 0; blocks &= blocks - 1)
        {
            HandleCell* cells = HandleSegment.CellsOf(segment, BitOperations.TrailingZeroCount(blocks));
            for (int index = 0; index < HandleSegment.CellsInBlock; index++)
            {
                if (Atomic.Read(ref cells[index].Object) != 0)
                {
                    visited++;
                    visitor.Visit(cells + index);
                }
            }
        }

        return visited;
    }

    // Only threads in cooperative mode have objects to store, so no collection comes between the record and
    // the store.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RecordStore(HandleCell* cell, ManagedObject* target)
    {
        if (HeapMode.IsCollecting && target != null)
        {
            ulong bit = 1ul << HandleSegment.BlockOf(cell);
            ulong* stored = HandleSegment.StoredBlocks(HandleSegment.Of(cell));
            if ((Atomic.Read(ref *stored) & bit) == 0)
            {
                Atomic.Set(ref *stored, bit);
            }
        }
    }

    private static nint RootFlags(nuint type) => type switch
    {
        <= HandleType.WeakLong => RootWeak,
        HandleType.Pinned => RootPinned,
        HandleType.RefCounted => RootRefCounted,
        _ => 0,
    };

    // A type that a later runtime may have is treated as the last known one.
    private static TaggedStack* FreeOf(nuint type) => (TaggedStack*)Unsafe.AsPointer(ref s_free)
        + (type < HandleSegment.HandleTypes ? type : HandleSegment.HandleTypes - 1);

    private static bool TryGrow(TaggedStack* free)
    {
        nuint type = (nuint)(free - FreeOf(type: 0));
        s_lock.Enter();
        HandleCell* cells = s_segments == 0 ? null : HandleSegment.AddBlock(First, type);
        if (cells == null && TryAddSegment())
        {
            cells = HandleSegment.AddBlock(First, type);
        }

        s_lock.Exit();
        for (int index = HandleSegment.CellsInBlock - 1; cells != null && index >= 0; index--)
        {
            TaggedStack.Push(free, HandleSegment.ExtraOf(cells + index));
        }

        return cells != null;
    }

    private static bool TryAddSegment()
    {
        PageSource pages = PageSource.Mmap();
        byte* segment = (byte*)pages.Reserve(pages.State, HandleSegment.Size, HandleSegment.Size);
        if (segment == null || !Os.Commit(segment, HandleSegment.Size))
        {
            return false;
        }

        HandleSegment.Initialize(segment, First);
        Atomic.Write(ref s_segments, (nuint)segment);
        DebuggerData.SetHandles(segment);
        return true;
    }

    private struct FreeLists
    {
        public fixed ulong Heads[(int)HandleSegment.HandleTypes];
    }

    private readonly struct Reporter(void* function, nint context, bool dependent) : IHandleVisitor
    {
        public void Visit(HandleCell* cell)
        {
            nuint type = HandleCell.TypeOf(cell);
            if (type == HandleType.Dependent == dependent)
            {
                nint secondary = dependent ? (nint)HandleSegment.ExtraOf(cell) : 0;
                _ = NativeCall.Invoke(
                    function, (nint)cell, secondary, RootFlags(type), context, dependent ? 1 : 0);
            }
        }
    }

    private struct Counter : IHandleVisitor
    {
        internal nuint Count { get; private set; }

        public void Visit(HandleCell* cell) => Count++;
    }

    private struct AgeVerifier : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            HeapVerifier.Require(
                Marker.IsLive((ManagedObject*)Atomic.Read(ref cell->Object))
                    && (HandleCell.TypeOf(cell) != HandleType.Dependent
                        || Marker.IsLive((ManagedObject*)Atomic.Read(ref HandleCell.ExtraOf(cell)))),
                "an object was stored in a handle without a record"u8, (byte*)cell);
        }
    }
}
