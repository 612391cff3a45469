namespace Quarry;

/// <summary>Fails selected requests, to test how a program handles failed allocations.</summary>
/// <remarks>
/// Requests are numbered from 0, separately by kind: allocations, reallocations, and resizes in place. A
/// request that the inner allocator fails is counted, but not as a failure of this allocator. The counts are
/// exact, also with several threads if the inner allocator is thread-safe. The cost is an increment and a
/// comparison per request; freeing costs nothing. After Zig's <c>FailingAllocator</c>.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
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

    /// <summary>Gets a number that no request has, for kinds of which none should fail.</summary>
    public static nuint Never => nuint.MaxValue;

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>Gets the number of allocations so far; 0 after disposal.</summary>
    public nuint Allocations => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Allocations) : 0;

    /// <summary>Gets the number of reallocations so far; 0 after disposal.</summary>
    public nuint Reallocations => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Reallocations) : 0;

    /// <summary>Gets the number of resizes in place so far; 0 after disposal.</summary>
    public nuint Resizes => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Resizes) : 0;

    /// <summary>
    /// Gets the number of requests that this allocator has failed so far; 0 after disposal.
    /// </summary>
    public nuint Failures => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Failures) : 0;

    /// <summary>Creates an allocator that fails no request yet.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
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

    /// <summary>
    /// Sets the requests to fail, and resets the counts to 0. No other thread may be using the allocator.
    /// </summary>
    /// <param name="allocation">The number of the allocation to fail, or <see cref="Never"/>.</param>
    /// <param name="reallocation">The number of the reallocation to fail, or <see cref="Never"/>.</param>
    /// <param name="resize">The number of the resize in place to fail, or <see cref="Never"/>.</param>
    public void FailAt(nuint allocation, nuint reallocation, nuint resize) =>
        Fail(allocation, reallocation, resize, onwards: false);

    /// <summary>
    /// Sets the requests from which on all of the same kind fail, and resets the counts to 0. No other thread
    /// may be using the allocator.
    /// </summary>
    /// <remarks>
    /// Memory that is exhausted stays so: code that repeats a failed request with a smaller size fails only
    /// this way.
    /// </remarks>
    /// <param name="allocation">The first allocation to fail, or <see cref="Never"/>.</param>
    /// <param name="reallocation">The first reallocation to fail, or <see cref="Never"/>.</param>
    /// <param name="resize">The first resize in place to fail, or <see cref="Never"/>.</param>
    public void FailFrom(nuint allocation, nuint reallocation, nuint resize) =>
        Fail(allocation, reallocation, resize, onwards: true);

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        FailingState* state = _handle.Pointer;
        return ShouldFail(ref state->Allocations, state->FailingAllocation)
            ? null
            : _inner.Allocate(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        FailingState* state = _handle.Pointer;
        return ShouldFail(ref state->Allocations, state->FailingAllocation)
            ? null
            : _inner.AllocateZeroed(layout);
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        FailingState* state = _handle.Pointer;
        return ShouldFail(ref state->Reallocations, state->FailingReallocation)
            ? null
            : _inner.Reallocate(block, layout, newSize);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        FailingState* state = _handle.Pointer;
        return !ShouldFail(ref state->Resizes, state->FailingResize)
            && _inner.TryResize(block, layout, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private void Fail(nuint allocation, nuint reallocation, nuint resize, bool onwards)
    {
        if (_handle.IsAlive)
        {
            *_handle.Pointer = new FailingState
            {
                FailingAllocation = allocation,
                FailingReallocation = reallocation,
                FailingResize = resize,
                FailsOnwards = onwards,
            };
        }
    }

    /// <summary>Counts a request, and determines whether it fails.</summary>
    private bool ShouldFail(ref nuint count, nuint failing)
    {
        if (!_handle.IsAlive)
        {
            return true;
        }

        nuint number = Count(ref count) - 1;
        bool fails = number == failing || (number > failing && _handle.Pointer->FailsOnwards);
        if (fails)
        {
            _ = Count(ref _handle.Pointer->Failures);
        }

        return fails;
    }

    private static nuint Count(ref nuint count) =>
        (TInner.Traits & AllocatorTraits.ThreadSafe) != 0 ? Atomic.Add(ref count, 1) : ++count;
}
