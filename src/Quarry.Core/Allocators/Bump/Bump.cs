using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>One range of address space, handed out block after block; freeing is a no-op.</summary>
/// <remarks>
/// <para>
/// The range is reserved at once, 1 GiB by default, and takes memory only where blocks are touched. Taking a
/// block rounds a cursor up to the alignment and adds the size: nothing is wasted but the padding, and some
/// ten instructions are all it costs. The last block is different from the others: it grows and shrinks in
/// place, and is used again when it is given back. When the range is used up, the answer is null; smaller
/// requests that fit are still served.
/// </para>
/// <para>
/// A value is a handle, its copies are the same allocator. With <see cref="Shared"/> any thread may use it,
/// but for <see cref="Reset()"/> and for disposing of it, which nobody may run into. Blocks of a disposed one
/// are gone, and it serves null; the default value is none and must not be asked for memory.
/// </para>
/// </remarks>
/// <typeparam name="TThreads"><see cref="Shared"/> or <see cref="Local"/>.</typeparam>
public readonly unsafe partial struct Bump<TThreads> : IAllocator where TThreads : struct, IThreading
{
    /// <summary>The address space that is reserved unless a size is named, in bytes.</summary>
    public const uint DefaultSize = 1u << 30;

    // Committed in steps of an eighth of what is there: few system calls, and little charged beyond the need.
    // The first step is less than 2 MiB, so that a small program is not given such a page.
    private const nuint MinCommit = 1 << 20, MaxCommit = 32 << 20;

    private readonly StateHandle<BumpState> _handle;

    private Bump(StateHandle<BumpState> handle) => _handle = handle;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll
        | (TThreads.Shared ? AllocatorTraits.ThreadSafe : AllocatorTraits.None);

    /// <summary>Whether it was made and not disposed of.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Bytes that blocks and the padding between them take.</summary>
    public nuint UsedBytes => IsAlive ? Atomic.Read(ref Range->Next) - State->Start : 0;

    /// <summary>Bytes that may be touched so far; strict overcommit charges them.</summary>
    public nuint CommittedBytes =>
        IsAlive ? (IsFrozen ? State->ThawedEnd : Atomic.Read(ref Range->End)) - State->Start : 0;

    /// <summary>
    /// Bytes that physical memory backs, in whole pages. Asks the system: a call for each 4 MiB committed.
    /// </summary>
    public nuint ResidentBytes => IsAlive ? Os.Resident((void*)State->Start, CommittedBytes) : 0;

    /// <summary>Bytes that blocks can take at most: the reservation.</summary>
    public nuint CapacityBytes => IsAlive ? State->Limit - State->Start : 0;

    private BumpState* State => _handle.Pointer;

    private BumpRange* Range => (BumpRange*)_handle.Pointer;

    /// <summary>
    /// Reserves <see cref="DefaultSize"/> bytes, or the largest half of it that can be had.
    /// </summary>
    /// <returns>False if the system has no address space or no memory.</returns>
    public static bool TryCreate(out Bump<TThreads> value) => TryCreate(PageSource.System(), out value);

    /// <inheritdoc cref="TryCreate(out Bump{TThreads})"/>
    /// <param name="pages">Where it comes from.</param>
    /// <param name="value">The allocator.</param>
    public static bool TryCreate(PageSource pages, out Bump<TThreads> value)
    {
        for (nuint size = DefaultSize; size >= PageSource.Granularity; size /= 2)
        {
            if (TryCreate(size, pages, out value))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Reserves a range of a size from a page source.</summary>
    /// <param name="size">In bytes; rounded up to whole pages.</param>
    /// <param name="pages">Where it comes from.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if the size is 0 or too large, or if the source or the system has no memory.</returns>
    public static bool TryCreate(nuint size, PageSource pages, out Bump<TThreads> value) =>
        TryCreate(size, pages, PageSource.Granularity, out value);

    /// <summary>The same from a source whose pages are larger than most.</summary>
    /// <param name="size">In bytes; rounded up to whole pages.</param>
    /// <param name="pages">Where it comes from.</param>
    /// <param name="page">
    /// A power of two, in bytes: the range is committed up to multiples of it, as long as there are such.
    /// </param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if a number is no good, or if the source or the system has no memory.</returns>
    public static bool TryCreate(nuint size, PageSource pages, nuint page, out Bump<TThreads> value)
    {
        value = default;
        if (size == 0 || size > Layout.MaxSize - PageSource.Granularity
            || page < PageSource.Granularity || !Layout.IsPowerOfTwo(page)
            || !StateHandle<BumpState>.TryCreate(out StateHandle<BumpState> handle))
        {
            return false;
        }

        nuint rounded = Layout.AlignUp(size, PageSource.Granularity);
        nuint start = (nuint)pages.Reserve(pages.State, rounded, PageSource.Granularity);
        if (start == 0)
        {
            _ = handle.TryRetire();
            handle.Release();
            return false;
        }

        *handle.Pointer = new BumpState
        {
            Range = new BumpRange { Next = start, End = start, Dirty = start },
            Start = start,
            Limit = start + rounded,
            Page = page,
            Pages = pages,
        };
        value = new Bump<TThreads>(handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        _handle.IsCurrent
        && BumpRange.TryTake<TThreads>(Range, layout.Size, layout.Alignment - 1, out void* block)
            ? block
            : AllocateSlow(_handle, layout);

    /// <inheritdoc/>
    /// <remarks>Only what was handed out before is cleared; the rest came as zeros.</remarks>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = Allocate(layout);
        return block == null ? null : BumpRange.Clear<TThreads>(Range, block, layout.Size);
    }

    /// <inheritdoc/>
    /// <remarks>Only the last block is used again.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        if (IsAlive)
        {
            BumpRange.Give<TThreads>(Range, block, layout.Size);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if (!IsAlive)
        {
            return false;
        }

        if (newSize <= layout.Size)
        {
            return BumpRange.TryResize<TThreads>(Range, 0, block, layout.Size, newSize);
        }

        BumpState* state = State;
        return state->ThawedEnd == 0
            && newSize <= state->Limit - (nuint)block
            && BumpRange.IsNext<TThreads>(Range, (nuint)block + BumpRange.Occupied(layout.Size))
            && TryCommit(state, (nuint)block + newSize)
            && BumpRange.TryResize<TThreads>(Range, state->Limit, block, layout.Size, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    public bool Owns(void* block) => IsAlive && (nuint)block - State->Start < UsedBytes;

    /// <inheritdoc/>
    public void DeallocateAll() => Reset();

    /// <summary>Gives all blocks back and keeps the memory for the next ones.</summary>
    public void Reset() => Reset(nuint.MaxValue);

    /// <summary>Gives all blocks back, and all memory but the first bytes to the system.</summary>
    /// <param name="keptBytes">What stays; rounded up to whole pages. The rest costs a system call.</param>
    public void Reset(nuint keptBytes)
    {
        if (!IsAlive)
        {
            return;
        }

        _ = TryThaw();
        BumpState* state = State;
        nuint dirty = state->Range.Dirty > state->Range.Next ? state->Range.Dirty : state->Range.Next;
        state->Range.Next = state->Start;
        if (keptBytes < dirty - state->Start)
        {
            nuint kept = Layout.AlignUp(state->Start + keptBytes, PageSource.Granularity);
            nuint end = Layout.AlignUp(dirty, PageSource.Granularity);
            if (kept < end && state->Pages.Purge(state->Pages.State, (void*)kept, end - kept))
            {
                dirty = kept;
            }
        }

        state->Range.Dirty = dirty;
    }

    /// <summary>Gives all memory back. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            BumpState state = *State;
            state.Pages.Release(state.Pages.State, (void*)state.Start, state.Limit - state.Start);
            _handle.Release();
        }
    }

    // Takes the handle, not this: a struct whose address is taken stays out of the registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(StateHandle<BumpState> handle, Layout layout)
    {
        if (!handle.IsAlive)
        {
            return null;
        }

        BumpState* state = handle.Pointer;
        for (; ; )
        {
            nuint start = Layout.AlignUp(Atomic.Read(ref state->Range.Next), layout.Alignment);
            nuint end = start + BumpRange.Occupied(layout.Size);
            if (state->ThawedEnd != 0 || end > state->Limit || !TryCommit(state, end))
            {
                return null;
            }

            if (BumpRange.TryTake<TThreads>(
                &state->Range, layout.Size, layout.Alignment - 1, out void* block))
            {
                return block;
            }
        }
    }

    /// <summary>Makes the range usable up to an address that is not behind its limit.</summary>
    private static bool TryCommit(BumpState* state, nuint end)
    {
        nuint committed = Atomic.Read(ref state->Range.End);
        if (end <= committed)
        {
            return true;
        }

        // Threads that come here together commit the same pages, which is harmless; the highest end counts.
        nuint step = Layout.AlignDown((committed - state->Start) / 8, PageSource.Granularity);
        step = step < MinCommit ? MinCommit : step > MaxCommit ? MaxCommit : step;
        nuint needed = Layout.AlignUp(end, PageSource.Granularity);
        nuint wanted = Layout.AlignUp(committed + step, state->Page);
        wanted = wanted > state->Limit ? state->Limit : wanted;
        return (wanted > needed && TryCommit(state, committed, wanted))
            || TryCommit(state, committed, needed);
    }

    private static bool TryCommit(BumpState* state, nuint from, nuint to)
    {
        bool done = state->Pages.Commit(state->Pages.State, (void*)from, to - from);
        if (done)
        {
            Atomic.Raise(ref state->Range.End, to);
        }

        return done;
    }
}
