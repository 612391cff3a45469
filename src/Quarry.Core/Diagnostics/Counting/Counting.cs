using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Counts what an allocator is asked for: blocks and bytes, now, at the peak and in total.</summary>
/// <remarks>
/// <para>
/// The figures are exact, with any number of threads; only the peak does not know what other threads do at
/// the very instant of a call. Bytes are those of the layouts. To grow or to shrink a block, in place or by
/// moving it, counts as a reallocation, and the bytes it gains or loses as allocated or deallocated.
/// </para>
/// <para>
/// The layout of a block is what its bytes are known by when it is given back, so give the one it was taken
/// with, as the contract of <see cref="IAllocator"/> says. For the same reason the allocator does not claim
/// <see cref="AllocatorTraits.KnowsSize"/> whatever it counts for; blocks balance with any layout.
/// </para>
/// <para>
/// The first thread that allocates pays some 13 instructions a call, other threads two or three atomic
/// operations, which is many times as much. Around an allocator that is not thread-safe every caller is a
/// first thread.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the requests.</typeparam>
public readonly unsafe partial struct Counting<TInner> : IAllocator
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<CountingState> _state;

    private Counting(TInner inner, StateHandle<CountingState> state)
    {
        _inner = inner;
        _state = state;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits & ~AllocatorTraits.KnowsSize;

    /// <summary>
    /// The allocator that serves the requests. What is asked of it directly is not counted.
    /// </summary>
    public TInner Inner => _inner;

    /// <summary>The figures at this moment; all 0 once the counters are gone.</summary>
    /// <remarks>
    /// Subtract those of an earlier moment to learn what happened in between. Not atomic: what other threads
    /// do meanwhile may be in some of the figures and not yet in others.
    /// </remarks>
    public AllocationStatistics Statistics => _state.IsAlive ? _state.Pointer->Read() : default;

    /// <summary>Begins to count for an allocator.</summary>
    /// <returns>False if the system has no memory for the counters.</returns>
    public static bool TryCreate(TInner inner, out Counting<TInner> counting)
    {
        bool made = CountingState.TryCreate(out StateHandle<CountingState> state);
        counting = made ? new Counting<TInner>(inner, state) : default;
        return made;
    }

    /// <summary>
    /// Counts from 0 again. What is in use stays in use, and is where the peak begins. For one thread at a
    /// time.
    /// </summary>
    public void Reset()
    {
        if (_state.IsAlive)
        {
            _state.Pointer->Reset();
        }
    }

    /// <summary>Looks for a new peak, from what is in use now. For one thread at a time.</summary>
    public void ResetPeak()
    {
        if (_state.IsAlive)
        {
            _state.Pointer->ResetPeak();
        }
    }

    /// <summary>Has a function called once, when more bytes than a threshold are in use.</summary>
    /// <remarks>
    /// It is called by the thread that exceeds the threshold, with the context and the bytes in use, after
    /// the block was taken; at once if they are in use already. It may use the allocator and set the next
    /// threshold; it must not throw. Only the last threshold set counts. For one thread at a time; what
    /// other threads take while it is being set may go unnoticed until they take more.
    /// </remarks>
    public void SetThreshold(nuint bytes, delegate*<void*, nuint, void> onExceeded, void* context)
    {
        if (_state.IsAlive)
        {
            _state.Pointer->SetThreshold(bytes, onExceeded, context);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        // The compiler would copy a readonly field of a type parameter before calling it.
        void* block = Unsafe.AsRef(in _inner).Allocate(layout);
        if (block != null)
        {
            CountingState.Add<TInner>(_state, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _inner.AllocateZeroed(layout);
        if (block != null)
        {
            CountingState.Add<TInner>(_state, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            CountingState.Remove<TInner>(_state, layout.Size);
        }

        Unsafe.AsRef(in _inner).Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* moved = _inner.Reallocate(block, layout, newSize);
        if (moved != null)
        {
            CountResize(block, layout, newSize);
        }

        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _inner.TryResize(block, layout, newSize);
        if (resized)
        {
            CountResize(block, layout, newSize);
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            CountingState.RemoveAll<TInner>(_state);
            _inner.DeallocateAll();
        }
    }

    private void CountResize(void* block, Layout layout, nuint newSize)
    {
        if (block == null)
        {
            CountingState.Add<TInner>(_state, newSize);
        }
        else
        {
            CountingState.Resize<TInner>(_state, layout.Size, newSize);
        }
    }
}
