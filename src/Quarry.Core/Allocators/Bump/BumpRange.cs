using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Memory that is handed out from its start to its end: what all bump allocators are made of.
/// </summary>
/// <remarks>
/// <para>
/// Upwards, though downwards would save an addition: only upwards can the last block grow where it lies,
/// and growing the last block is what lists and text builders do all day.
/// </para>
/// <para>
/// The shared form moves the cursor by compare-and-swap, not by fetch-and-add. An addition cannot know the
/// padding before it knows the address, so it would waste up to an alignment each time; one beyond the end
/// would have to be taken back while smaller requests fail that fit, and enough of them would wrap. A swap
/// that fails has changed nothing, and it can move the cursor back as well.
/// </para>
/// <para>No arithmetic wraps: see <see cref="Layout"/>, and addresses have less than 63 bits.</para>
/// </remarks>
internal unsafe struct BumpRange
{
    /// <summary>The first byte that is free.</summary>
    public nuint Next;

    /// <summary>The byte behind the last one that may be handed out.</summary>
    public nuint End;

    /// <summary>
    /// Bytes below this may have been handed out before; from here on the memory is as it came. Raised only
    /// when the cursor moves back, so that taking a block does not have to.
    /// </summary>
    public nuint Dirty;

    /// <summary>Takes a block.</summary>
    /// <param name="range">Where from.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="mask">The alignment less 1.</param>
    /// <param name="block">Undefined if there is none.</param>
    /// <returns>False if it does not fit, or if another thread moved the cursor.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryTake<TThreads>(
        BumpRange* range, nuint size, nuint mask, out void* block)
        where TThreads : struct, IThreading
    {
        nuint next = TThreads.Shared ? Atomic.Read(ref range->Next) : range->Next;
        nuint start = next;
        if ((start & mask) != 0)
        {
            // A branch, for once: as a rule nothing is to be rounded, and then no block has to wait for the
            // arithmetic of the one before, which would take longer than all the rest.
            start = (start + mask) & ~mask;
        }

        nuint end = start + Occupied(size);
        block = (void*)start;
        return end <= range->End && TryMove<TThreads>(range, next, end);
    }

    /// <summary>Moves the end of the last block, or leaves a block as it is that is to shrink.</summary>
    /// <param name="range">Where the block is from.</param>
    /// <param name="limit">What the cursor may not pass.</param>
    /// <param name="block">The block.</param>
    /// <param name="size">Of the block, in bytes.</param>
    /// <param name="newSize">In bytes.</param>
    /// <returns>False if it is not the last one, or if there is no room.</returns>
    internal static bool TryResize<TThreads>(
        BumpRange* range, nuint limit, void* block, nuint size, nuint newSize)
        where TThreads : struct, IThreading
    {
        nuint start = (nuint)block;
        nuint end = start + Occupied(size);
        if (newSize <= size)
        {
            MoveBack<TThreads>(range, end, start + Occupied(newSize));
            return true;
        }

        return newSize <= Layout.MaxSize
            && start + Occupied(newSize) <= limit
            && IsNext<TThreads>(range, end)
            && TryMove<TThreads>(range, end, start + Occupied(newSize));
    }

    /// <summary>Gives the block back if it is the last one.</summary>
    internal static void Give<TThreads>(BumpRange* range, void* block, nuint size)
        where TThreads : struct, IThreading
    {
        if (block != null)
        {
            MoveBack<TThreads>(range, (nuint)block + Occupied(size), (nuint)block);
        }
    }

    /// <summary>Whether nothing was handed out behind this address.</summary>
    internal static bool IsNext<TThreads>(BumpRange* range, nuint address)
        where TThreads : struct, IThreading =>
        (TThreads.Shared ? Atomic.Read(ref range->Next) : range->Next) == address;

    /// <summary>Clears a new block as far as it is not zero already.</summary>
    internal static void* Clear<TThreads>(BumpRange* range, void* block, nuint size)
        where TThreads : struct, IThreading
    {
        nuint dirty = TThreads.Shared ? Atomic.Read(ref range->Dirty) : range->Dirty;
        if (block != null && dirty > (nuint)block)
        {
            nuint below = dirty - (nuint)block;
            Memory.Clear(block, below < size ? below : size);
        }

        return block;
    }

    /// <summary>What a block takes: two blocks of no bytes still have two addresses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Occupied(nuint size) => size == 0 ? 1 : size;

    private static void MoveBack<TThreads>(BumpRange* range, nuint from, nuint to)
        where TThreads : struct, IThreading
    {
        if (!IsNext<TThreads>(range, from) || from == to)
        {
            return;
        }

        // Before the cursor moves: whoever takes these bytes next must find them marked.
        if (TThreads.Shared)
        {
            Atomic.Raise(ref range->Dirty, from);
        }
        else if (range->Dirty < from)
        {
            range->Dirty = from;
        }

        _ = TryMove<TThreads>(range, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryMove<TThreads>(BumpRange* range, nuint from, nuint to)
        where TThreads : struct, IThreading
    {
        if (TThreads.Shared)
        {
            return Atomic.TryReplace(ref range->Next, from, to);
        }

        range->Next = to;
        return true;
    }
}
