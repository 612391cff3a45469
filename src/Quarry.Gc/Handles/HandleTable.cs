namespace Quarry.Gc;

/// <summary>The handles of the process.</summary>
/// <remarks>
/// Without collections, every handle is strong: weak references keep their targets, and tables with weak keys
/// keep their entries. In the mode <c>collect</c>, a collection clears handles. Cells are reused but never
/// unmapped, so that a handle used after it was freed reads null or another object instead of faulting.
/// Thread-safe, also for native threads.
/// </remarks>
internal static unsafe class HandleTable
{
    private const nuint BlockSize = 64 << 10;

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
            Atomic.Write(ref cell->Object, (nuint)target);
            return cell;
        }
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
    internal static void Visit<TVisitor>(ref TVisitor visitor) where TVisitor : struct, IHandleVisitor
    {
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            // In the order of creation: free cells are pushed in the order of their addresses.
            for (nuint index = CellsInBlock - 1; index > 0; index--)
            {
                if (Atomic.Read(ref block[index].Object) != 0)
                {
                    visitor.Visit(block + index);
                }
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

    // The free list links the cells by their third word.
    private static HandleCell* CellOf(nuint* link) => (HandleCell*)(link - 2);

    private static bool TryGrow(TaggedStack* free)
    {
        // The first cell of a block is not a handle: it links to the previous block.
        HandleCell* block = (HandleCell*)Os.Map(BlockSize);
        if (block == null)
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
}
