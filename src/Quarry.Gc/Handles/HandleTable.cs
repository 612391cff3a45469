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
/// A young collection only visits groups of 32 cells in which an object was stored since the last
/// collection: the objects of all other handles are old. The first cell of a block has a bit for each group.
/// Every store of an object is a call, although the runtime knows the address of the cell: the stock
/// collector depends on it in the same way. The verifier checks it.
/// </para>
/// </remarks>
internal static unsafe class HandleTable
{
    private const nuint BlockSize = 64 << 10;

    // 2048 cells of a block in 64 groups.
    private const int GroupShift = 5;
    private const nuint GroupSize = 1 << GroupShift;

    // EtwGCRootFlags
    private const nint RootPinned = 1, RootWeak = 2, RootRefCounted = 8;

    private static TaggedStack s_free;
    private static nuint s_blocks;

    private static nuint CellsInBlock => BlockSize / (nuint)sizeof(HandleCell);

    /// <summary>
    /// Creates a handle; returns null if out of memory, for which the runtime throws an exception.
    /// </summary>
    internal static HandleCell* Create(ManagedObject* target, nint type, void* extra = null)
    {
        fixed (TaggedStack* free = &s_free)
        {
            nuint* link = TaggedStack.Pop(free);
            while (link == null)
            {
                if (!TryGrow(free))
                {
                    return null;
                }

                link = TaggedStack.Pop(free);
            }

            HandleCell* cell = CellOf(link);
            cell->Extra = (nuint)extra;
            cell->Type = (nuint)type;

            // Last, because Scan considers a cell with an object complete.
            Store(cell, target);
            return cell;
        }
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
        Atomic.Write(ref cell->Extra, (nuint)target);
    }

    /// <summary>Stores the object of a handle if it has an expected one.</summary>
    internal static bool TryReplace(HandleCell* cell, nuint expected, ManagedObject* target)
    {
        RecordStore(cell, target);
        return Atomic.TryReplace(ref cell->Object, expected, (nuint)target);
    }

    internal static void Destroy(HandleCell* cell)
    {
        // Cleared before the cell is freed: Scan must not read the object of one handle with the type of the
        // next.
        Atomic.Write(ref cell->Object, 0);
        Atomic.Write(ref cell->Extra, 0);
        fixed (TaggedStack* free = &s_free)
        {
            TaggedStack.Push(free, &cell->Next);
        }
    }

    /// <summary>
    /// Calls a function of the runtime, for heap dumps, with each handle. Managed threads must be suspended;
    /// native threads may create and free handles meanwhile, which may or may not be reported.
    /// </summary>
    internal static void Scan(void* function, nint context, bool dependent)
    {
        // Pairs with the exchange in TryGrow. Blocks are never removed, and their cells are initially zero.
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            for (nuint index = 1; index < CellsInBlock; index++)
            {
                HandleCell* cell = block + index;
                if (Atomic.Read(ref cell->Object) != 0 && cell->Type == HandleType.Dependent == dependent)
                {
                    nint secondary = dependent ? (nint)(&cell->Extra) : 0;
                    _ = NativeCall.Invoke(
                        function, (nint)cell, secondary, RootFlags(cell->Type), context, dependent ? 1 : 0);
                }
            }
        }
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
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            ulong groups = young ? Atomic.Read(ref *StoredGroups(block)) : ulong.MaxValue;
            for (; groups != 0; groups &= ~(1ul << BitOperations.Log2(groups)))
            {
                VisitGroup(ref visitor, block, (nuint)BitOperations.Log2(groups) << GroupShift);
            }
        }
    }

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
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            *StoredGroups(block) = 0;
        }
    }

    /// <summary>Verifies that no object is young which a young collection would not visit.</summary>
    internal static void VerifyAge()
    {
        AgeVerifier verifier = default;
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            ulong groups = ~Atomic.Read(ref *StoredGroups(block));
            for (; groups != 0; groups &= groups - 1)
            {
                VisitGroup(ref verifier, block, (nuint)BitOperations.TrailingZeroCount(groups) << GroupShift);
            }
        }
    }

    // In the order of creation: free cells are pushed in the order of their addresses. The first cell of the
    // block is none.
    private static void VisitGroup<TVisitor>(ref TVisitor visitor, HandleCell* block, nuint first)
        where TVisitor : struct, IHandleVisitor
    {
        for (nuint index = first + GroupSize - 1; index > first || (index == first && first > 0); index--)
        {
            if (Atomic.Read(ref block[index].Object) != 0)
            {
                visitor.Visit(block + index);
            }
        }
    }

    // Only threads in cooperative mode have objects to store, so no collection comes between the record and
    // the store.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RecordStore(HandleCell* cell, ManagedObject* target)
    {
        if (HeapMode.IsCollecting && target != null)
        {
            HandleCell* block = (HandleCell*)Layout.AlignDown((nuint)cell, BlockSize);
            ulong bit = 1ul << (int)((nuint)(cell - block) >> GroupShift);
            ulong* stored = StoredGroups(block);
            if ((Atomic.Read(ref *stored) & bit) == 0)
            {
                Atomic.Set(ref *stored, bit);
            }
        }
    }

    // In the first cell of a block, which is not a handle.
    private static ulong* StoredGroups(HandleCell* block) => (ulong*)&block->Extra;

    private static nint RootFlags(nuint type) => type switch
    {
        <= HandleType.WeakLong => RootWeak,
        HandleType.Pinned => RootPinned,
        HandleType.RefCounted => RootRefCounted,
        _ => 0,
    };

    // The free list links the cells by their third word.
    private static HandleCell* CellOf(nuint* link) => (HandleCell*)(link - 2);

    private static bool TryGrow(TaggedStack* free)
    {
        // The first cell of a block is not a handle: it links to the previous block.
        PageSource pages = PageSource.Mmap();
        HandleCell* block = (HandleCell*)pages.Reserve(pages.State, BlockSize, BlockSize);
        if (block == null || !Os.Commit(block, BlockSize))
        {
            return false;
        }

        nuint first;
        do
        {
            first = Atomic.Read(ref s_blocks);
            block->Next = first;
        }
        while (!Atomic.TryReplace(ref s_blocks, first, (nuint)block));
        for (nuint index = 1; index < CellsInBlock; index++)
        {
            TaggedStack.Push(free, &block[index].Next);
        }

        return true;
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
                    && (cell->Type != HandleType.Dependent
                        || Marker.IsLive((ManagedObject*)Atomic.Read(ref cell->Extra))),
                "an object was stored in a handle without a record"u8, (byte*)cell);
        }
    }
}
