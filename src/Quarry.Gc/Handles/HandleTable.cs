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

    /// <summary>Makes a handle; null if there is no memory, which the runtime turns into an exception.</summary>
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

    private static bool TryGrow(TaggedStack* free)
    {
        HandleCell* cells = (HandleCell*)Os.Map(BlockSize);
        for (nuint index = 0; cells != null && index < BlockSize / (nuint)sizeof(HandleCell); index++)
        {
            TaggedStack.Push(free, &cells[index].Next);
        }

        return cells != null;
    }
}
