using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Allocates blocks one after another from one reserved range of addresses. Freeing does nothing.
/// </summary>
/// <remarks>
/// <para>
/// The whole range is reserved at once, 1 GiB by default; physical memory is used only for pages that are
/// accessed. Allocating rounds a cursor up to the alignment and adds the size: about ten instructions, and no
/// waste except padding. Only the last block can grow and shrink in place, and is reused when it is freed.
/// When the range is exhausted, requests return null; smaller requests that fit still succeed.
/// </para>
/// <para>
/// A value is a handle, and its copies are the same allocator. With <see cref="Shared"/>, any number of
/// threads can use it, but none during <see cref="Reset()"/> and <c>Dispose</c>. Requests to a disposed
/// allocator return null; the default value is not an allocator, and must not be used.
/// </para>
/// </remarks>
/// <typeparam name="TThreading"><see cref="Shared"/> or <see cref="Local"/>.</typeparam>
public readonly unsafe partial struct Bump<TThreading> : IAllocator where TThreading : struct, IThreading
{
    /// <summary>The number of bytes reserved by default.</summary>
    public const uint DefaultSize = 1u << 30;

    // The commit step is an eighth of the committed size: few system calls, and little committed in advance.
    // The first step is less than 2 MiB, so that a small program does not get a huge page.
    private const nuint MinCommit = 1 << 20, MaxCommit = 32 << 20;

    private readonly StateHandle<BumpState> _handle;

    private Bump(StateHandle<BumpState> handle) => _handle = handle;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll
        | (TThreading.Shared ? AllocatorTraits.ThreadSafe : AllocatorTraits.None);

    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the number of bytes that blocks and the padding between them occupy.</summary>
    public nuint UsedBytes => IsAlive ? Atomic.Read(ref Range->Next) - State->Start : 0;

    /// <summary>Gets the number of committed bytes, which count against a strict overcommit limit.</summary>
    public nuint CommittedBytes =>
        IsAlive ? (IsFrozen ? State->ThawedEnd : Atomic.Read(ref Range->End)) - State->Start : 0;

    /// <summary>
    /// Gets the number of bytes in physical memory, in whole pages. On Linux, takes one system call per 1024
    /// pages.
    /// </summary>
    public nuint ResidentBytes => IsAlive ? Os.Resident((void*)State->Start, CommittedBytes) : 0;

    /// <summary>
    /// Gets the maximum number of bytes that blocks can occupy: the size of the reservation.
    /// </summary>
    public nuint CapacityBytes => IsAlive ? State->Limit - State->Start : 0;

    private BumpState* State => _handle.Pointer;

    private BumpRange* Range => (BumpRange*)_handle.Pointer;

    /// <summary>
    /// Creates an allocator that reserves <see cref="DefaultSize"/> bytes, repeatedly halved until that much
    /// is available.
    /// </summary>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory or address space.</returns>
    public static bool TryCreate(out Bump<TThreading> value) => TryCreate(PageSource.System(), out value);

    /// <inheritdoc cref="TryCreate(out Bump{TThreading})"/>
    /// <param name="pageSource">The page source to reserve from.</param>
    /// <param name="value">The created allocator.</param>
    public static bool TryCreate(PageSource pageSource, out Bump<TThreading> value)
    {
        for (nuint size = DefaultSize; size >= PageSource.Granularity; size /= 2)
        {
            if (TryCreate(size, pageSource, out value))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Creates an allocator that reserves the specified size from a page source.</summary>
    /// <param name="size">The size of the reservation, in bytes; rounded up to whole pages.</param>
    /// <param name="pageSource">The page source to reserve from.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if the size is 0 or too large, or if the page source or the system is out of
    /// memory.
    /// </returns>
    public static bool TryCreate(nuint size, PageSource pageSource, out Bump<TThreading> value) =>
        TryCreate(size, pageSource, PageSource.Granularity, out value);

    /// <summary>Creates an allocator over a page source with pages larger than usual.</summary>
    /// <param name="size">The size of the reservation, in bytes; rounded up to whole pages.</param>
    /// <param name="pageSource">The page source to reserve from.</param>
    /// <param name="pageSize">
    /// The unit of commits, in bytes; a power of two, at least <see cref="PageSource.Granularity"/>. The last
    /// commit of the range can be smaller.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if an argument is invalid, or if the page source or the system is out of
    /// memory.
    /// </returns>
    public static bool TryCreate(
        nuint size, PageSource pageSource, nuint pageSize, out Bump<TThreading> value)
    {
        value = default;
        if (size == 0 || size > Layout.MaxSize - PageSource.Granularity
            || pageSize < PageSource.Granularity || !Layout.IsPowerOfTwo(pageSize)
            || !StateHandle<BumpState>.TryCreate(out StateHandle<BumpState> handle))
        {
            return false;
        }

        nuint rounded = Layout.AlignUp(size, PageSource.Granularity);
        nuint start = (nuint)pageSource.Reserve(pageSource.State, rounded, PageSource.Granularity);
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
            PageSize = pageSize,
            PageSource = pageSource,
        };
        value = new Bump<TThreading>(handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        _handle.IsCurrent
        && BumpRange.TryAllocate<TThreading>(Range, layout.Size, layout.Alignment - 1, out void* block)
            ? block
            : AllocateSlow(_handle, layout);

    /// <inheritdoc/>
    /// <remarks>Only memory that was allocated before is cleared; the rest is already zero.</remarks>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = Allocate(layout);
        return block == null ? null : BumpRange.Clear<TThreading>(Range, block, layout.Size);
    }

    /// <inheritdoc/>
    /// <remarks>Only the last block is reused.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        if (IsAlive)
        {
            BumpRange.Free<TThreading>(Range, block, layout.Size);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if (!IsAlive || IsFrozen)
        {
            return false;
        }

        if (newSize <= layout.Size)
        {
            return BumpRange.TryResize<TThreading>(Range, 0, block, layout.Size, newSize);
        }

        BumpState* state = State;
        return newSize <= state->Limit - (nuint)block
            && BumpRange.IsCursor<TThreading>(Range, (nuint)block + BumpRange.Occupied(layout.Size))
            && TryCommit(state, (nuint)block + newSize)
            && BumpRange.TryResize<TThreading>(Range, state->Limit, block, layout.Size, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    public bool Owns(void* block) => IsAlive && (nuint)block - State->Start < UsedBytes;

    /// <inheritdoc/>
    public void DeallocateAll() => Reset();

    /// <summary>Frees all blocks, and keeps the memory for new ones.</summary>
    public void Reset() => Reset(nuint.MaxValue);

    /// <summary>Frees all blocks, and returns the memory beyond a size to the system.</summary>
    /// <param name="keptBytes">
    /// The number of bytes to keep; rounded up to whole pages. Purging the rest takes a system call.
    /// </param>
    public void Reset(nuint keptBytes)
    {
        if (!IsAlive)
        {
            return;
        }

        _ = TryThaw();
        BumpState* state = State;
        nuint dirty = state->Range.Dirty > state->Range.Next ? state->Range.Dirty : state->Range.Next;
        if (!IsFrozen)
        {
            FreedBlocks.Pass(state->Start, state->Range.Next);
        }

        state->Range.Next = state->Start;
        if (keptBytes < dirty - state->Start)
        {
            nuint kept = Layout.AlignUp(state->Start + keptBytes, PageSource.Granularity);
            nuint end = Layout.AlignUp(dirty, PageSource.Granularity);
            if (kept < end && state->PageSource.Purge(state->PageSource.State, (void*)kept, end - kept))
            {
                dirty = kept;
            }
        }

        state->Range.Dirty = dirty;
    }

    /// <summary>Releases the reservation, and with it all blocks. Subsequent calls do nothing.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            BumpState state = *State;
            if (state.ThawedEnd == 0)
            {
                FreedBlocks.Pass(state.Start, state.Range.Next);
            }

            state.PageSource.Release(state.PageSource.State, (void*)state.Start, state.Limit - state.Start);
            _handle.Release();
        }
    }

    // Static, with the handle as an argument: a struct whose address is taken is not kept in registers.
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

            if (BumpRange.TryAllocate<TThreading>(
                &state->Range, layout.Size, layout.Alignment - 1, out void* block))
            {
                return block;
            }
        }
    }

    /// <summary>Commits the range up to an address, which must not be above its limit.</summary>
    private static bool TryCommit(BumpState* state, nuint end)
    {
        nuint committed = Atomic.Read(ref state->Range.End);
        if (end <= committed)
        {
            return true;
        }

        // Threads that arrive together commit the same pages, which is harmless: the contents are kept, and
        // the highest end is stored.
        nuint step = Layout.AlignDown((committed - state->Start) / 8, PageSource.Granularity);
        step = step < MinCommit ? MinCommit : step > MaxCommit ? MaxCommit : step;
        nuint needed = Layout.AlignUp(end, PageSource.Granularity);
        nuint wanted = Layout.AlignUp(committed + step, state->PageSize);
        wanted = wanted > state->Limit ? state->Limit : wanted;
        return (wanted > needed && TryCommit(state, committed, wanted))
            || TryCommit(state, committed, needed);
    }

    private static bool TryCommit(BumpState* state, nuint from, nuint to)
    {
        bool done = state->PageSource.Commit(state->PageSource.State, (void*)from, to - from);
        if (done)
        {
            Atomic.Raise(ref state->Range.End, to);
        }

        return done;
    }
}
