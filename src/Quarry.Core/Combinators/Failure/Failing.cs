namespace Quarry;

/// <summary>Fails one request that is named by its number, to test what a program does then.</summary>
/// <remarks>
/// Requests are counted from 0, by kind: blocks taken, blocks reallocated, blocks resized in place. What
/// the inner allocator refuses by itself is counted as well, and is no failure of this one. The counts are
/// exact on several threads if the inner allocator serves several. Costs a count and a comparison a
/// request; giving a block back costs nothing. After Zig's <c>FailingAllocator</c>.
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the other requests.</typeparam>
public readonly unsafe partial struct Failing<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<FailingState> _handle;

    private Failing(TInner inner, StateHandle<FailingState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>No request: the value that lets all of a kind pass.</summary>
    public static nuint Never => nuint.MaxValue;

    /// <summary>The allocator that serves the other requests.</summary>
    public TInner Inner => _inner;

    /// <summary>The blocks asked for so far.</summary>
    public nuint Allocations => Atomic.Read(ref _handle.Pointer->Allocations);

    /// <summary>The reallocations asked for so far.</summary>
    public nuint Reallocations => Atomic.Read(ref _handle.Pointer->Reallocations);

    /// <summary>The resizings in place asked for so far.</summary>
    public nuint Resizes => Atomic.Read(ref _handle.Pointer->Resizes);

    /// <summary>The requests that were made to fail so far.</summary>
    public nuint Failures => Atomic.Read(ref _handle.Pointer->Failures);

    /// <summary>Watches an allocator that stays the caller's, and must outlive the value.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="value">The allocator; it fails nothing yet.</param>
    /// <returns>False if the system has no memory.</returns>
    public static bool TryCreate(TInner inner, out Failing<TInner> value)
    {
        value = default;
        if (!StateHandle<FailingState>.TryCreate(out StateHandle<FailingState> handle))
        {
            return false;
        }

        value = new Failing<TInner>(inner, handle);
        value.FailAt(Never, Never, Never);
        return true;
    }

    /// <summary>Says which requests fail, by their numbers from 0, and counts from 0 again.</summary>
    /// <param name="allocation">The block asked for that fails, or <see cref="Never"/>.</param>
    /// <param name="reallocation">The reallocation that fails, or <see cref="Never"/>.</param>
    /// <param name="resize">The resizing in place that fails, or <see cref="Never"/>.</param>
    public void FailAt(nuint allocation, nuint reallocation, nuint resize)
    {
        FailingState* state = _handle.Pointer;
        *state = default;
        state->FailingAllocation = allocation;
        state->FailingReallocation = reallocation;
        state->FailingResize = resize;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        FailingState* state = _handle.Pointer;
        return Fails(ref state->Allocations, state->FailingAllocation) ? null : _inner.Allocate(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        FailingState* state = _handle.Pointer;
        return Fails(ref state->Allocations, state->FailingAllocation) ? null : _inner.AllocateZeroed(layout);
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        FailingState* state = _handle.Pointer;
        return Fails(ref state->Reallocations, state->FailingReallocation)
            ? null
            : _inner.Reallocate(block, layout, newSize);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        FailingState* state = _handle.Pointer;
        return !Fails(ref state->Resizes, state->FailingResize) && _inner.TryResize(block, layout, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    /// <summary>Counts a request, and tells whether it is the one that fails.</summary>
    private bool Fails(ref nuint count, nuint failing)
    {
        if (!_handle.IsAlive || Count(ref count) - 1 != failing)
        {
            return !_handle.IsAlive;
        }

        _ = Count(ref _handle.Pointer->Failures);
        return true;
    }

    private static nuint Count(ref nuint count) =>
        (TInner.Traits & AllocatorTraits.ThreadSafe) != 0 ? Atomic.Add(ref count, 1) : ++count;
}
