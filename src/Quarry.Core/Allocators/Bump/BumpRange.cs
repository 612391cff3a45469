using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// A range of memory that is allocated from its start to its end: the basis of all bump allocators.
/// </summary>
/// <remarks>
/// <para>
/// The cursor moves up, although moving down would save an addition: the last block can grow in place only if
/// the cursor moves up, and lists and string builders mostly grow the last block.
/// </para>
/// <para>
/// The shared form moves the cursor by compare-and-swap, not by fetch-and-add. An addition is made before the
/// address is known, so it would have to include the maximum padding; an addition beyond the end would have
/// to be reverted, while smaller requests that fit would fail, and enough of them would overflow. A failed
/// compare-and-swap changes nothing, and a compare-and-swap can also move the cursor back.
/// </para>
/// <para>
/// No arithmetic overflows: see <see cref="Layout"/>, and addresses have fewer than 63 bits.
/// </para>
/// </remarks>
internal unsafe struct BumpRange
{
    /// <summary>The address of the first free byte.</summary>
    public nuint Next;

    /// <summary>The end of the memory that can be allocated.</summary>
    public nuint End;

    /// <summary>
    /// The end of the memory that may have been allocated before; memory beyond it is zero, as it came from
    /// the page source. Raised only when the cursor moves back, so that allocating does not have to raise it.
    /// </summary>
    public nuint Dirty;

    /// <summary>Tries to allocate a block.</summary>
    /// <param name="range">The range.</param>
    /// <param name="size">The size, in bytes.</param>
    /// <param name="mask">The alignment minus 1.</param>
    /// <param name="block">The block; undefined if there is none.</param>
    /// <returns>
    /// <see langword="false"/> if the block does not fit, or if another thread has moved the cursor.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryAllocate<TThreading>(
        BumpRange* range, nuint size, nuint mask, out void* block)
        where TThreading : struct, IThreading
    {
        nuint next = TThreading.Shared ? Atomic.Read(ref range->Next) : range->Next;
        nuint start = next;
        if ((start & mask) != 0)
        {
            // A branch rather than unconditional arithmetic: the cursor is usually aligned already, and with
            // the branch predicted, no request waits for the rounding of the one before, which would take
            // longer than everything else.
            start = (start + mask) & ~mask;
        }

        nuint end = start + Occupied(size);
        block = (void*)start;
        return end <= range->End && TryMove<TThreading>(range, next, end);
    }

    /// <summary>
    /// Resizes the last block by moving the cursor. Shrinking any other block succeeds and has no effect.
    /// </summary>
    /// <param name="range">The range that the block is from.</param>
    /// <param name="limit">The address that the cursor must not pass.</param>
    /// <param name="block">The block.</param>
    /// <param name="size">The size of the block, in bytes.</param>
    /// <param name="newSize">The new size, in bytes.</param>
    /// <returns>
    /// <see langword="false"/> if a block cannot grow: it is not the last one, or would pass the limit.
    /// </returns>
    internal static bool TryResize<TThreading>(
        BumpRange* range, nuint limit, void* block, nuint size, nuint newSize)
        where TThreading : struct, IThreading
    {
        nuint start = (nuint)block;
        nuint end = start + Occupied(size);
        if (newSize <= size)
        {
            MoveBack<TThreading>(range, end, start + Occupied(newSize));
            return true;
        }

        return newSize <= Layout.MaxSize
            && start + Occupied(newSize) <= limit
            && IsCursor<TThreading>(range, end)
            && TryMove<TThreading>(range, end, start + Occupied(newSize));
    }

    /// <summary>Frees the block if it is the last one.</summary>
    internal static void Free<TThreading>(BumpRange* range, void* block, nuint size)
        where TThreading : struct, IThreading
    {
        if (block != null)
        {
            MoveBack<TThreading>(range, (nuint)block + Occupied(size), (nuint)block);
        }
    }

    /// <summary>
    /// Determines whether the cursor is at an address, so that the block before it is the last one.
    /// </summary>
    internal static bool IsCursor<TThreading>(BumpRange* range, nuint address)
        where TThreading : struct, IThreading =>
        (TThreading.Shared ? Atomic.Read(ref range->Next) : range->Next) == address;

    /// <summary>Clears a new block, except for memory that is zero already.</summary>
    internal static void* Clear<TThreading>(BumpRange* range, void* block, nuint size)
        where TThreading : struct, IThreading
    {
        nuint dirty = TThreading.Shared ? Atomic.Read(ref range->Dirty) : range->Dirty;
        if (block != null && dirty > (nuint)block)
        {
            nuint below = dirty - (nuint)block;
            Memory.Clear(block, below < size ? below : size);
        }

        return block;
    }

    /// <summary>
    /// Returns the number of bytes a block occupies: at least one, so that empty blocks have distinct
    /// addresses.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Occupied(nuint size) => size == 0 ? 1 : size;

    private static void MoveBack<TThreading>(BumpRange* range, nuint from, nuint to)
        where TThreading : struct, IThreading
    {
        if (!IsCursor<TThreading>(range, from) || from == to)
        {
            return;
        }

        // Raised before the cursor moves back; both are full fences: a thread that allocates these bytes has
        // read the moved cursor, so its acquire in Clear finds them marked as dirty. If the cursor cannot be
        // moved after all, the marked bytes were allocated, and are dirty anyway.
        if (TThreading.Shared)
        {
            Atomic.Raise(ref range->Dirty, from);
        }
        else if (range->Dirty < from)
        {
            range->Dirty = from;
        }

        _ = TryMove<TThreading>(range, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryMove<TThreading>(BumpRange* range, nuint from, nuint to)
        where TThreading : struct, IThreading
    {
        if (TThreading.Shared)
        {
            return Atomic.TryReplace(ref range->Next, from, to);
        }

        range->Next = to;
        return true;
    }
}
