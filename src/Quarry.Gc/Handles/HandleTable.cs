namespace Quarry.Gc;

/// <summary>The handles of the process.</summary>
/// <remarks>
/// Nothing is collected, so every handle is a strong one: weak references keep their targets, and tables with
/// weak keys keep their entries. Cells are used again but never unmapped, so that a handle that was freed too
/// early reads null or another object instead of faulting. Any thread, native ones included, may call.
/// </remarks>
internal static unsafe class HandleTable
{
    private const nuint BlockSize = 64 << 10;

    private static TaggedStack s_free;
    private static nuint s_blocks;

    private static nuint CellsInBlock => BlockSize / (nuint)sizeof(HandleCell);

    /// <summary>
    /// Makes a handle; null if there is no memory, which the runtime turns into an exception.
    /// </summary>
    internal static HandleCell* Create(void* target, nint type, void* extra = null)
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

            HandleCell* cell = (HandleCell*)(link - 2);
            cell->Extra = (nuint)extra;
            cell->Type = (nuint)type;
            Atomic.Write(ref cell->Object, (nuint)target);
            return cell;
        }
    }

    internal static void Destroy(HandleCell* cell)
    {
        Atomic.Write(ref cell->Object, 0);
        cell->Extra = 0;
        fixed (TaggedStack* free = &s_free)
        {
            TaggedStack.Push(free, &cell->Next);
        }
    }

    /// <summary>Tells a function of the runtime, one for heap dumps, of the handles.</summary>
    internal static void Scan(void* function, nint context, bool dependent)
    {
        for (HandleCell* block = (HandleCell*)Atomic.Read(ref s_blocks); block != null;
            block = (HandleCell*)block->Next)
        {
            for (nuint index = 1; index < CellsInBlock; index++)
            {
                HandleCell* cell = block + index;
                if (cell->Object != 0 && cell->Type == HandleType.Dependent == dependent)
                {
                    nint secondary = dependent ? (nint)(&cell->Extra) : 0;
                    _ = Runtime.Call5(
                        function, (nint)cell, secondary, RootFlags(cell->Type), context, dependent ? 1 : 0);
                }
            }
        }
    }

    // What heap dumps call a root.
    private static nint RootFlags(nuint type) => type switch
    {
        <= HandleType.Weak => 2,
        HandleType.Pinned => 1,
        HandleType.Counted => 8,
        _ => 0,
    };

    private static bool TryGrow(TaggedStack* free)
    {
        // The first cell of a block leads to the block before.
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
