using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Counts the blocks and bytes requested from an allocator: in use, at the peak, and in total.
/// </summary>
/// <remarks>
/// <para>
/// The statistics are exact with any number of threads, except that the peak can miss changes by other
/// threads during a call; it is never too high. Bytes are those of the layouts. Growing or shrinking a block
/// counts as a reallocation, and the difference of the sizes as allocated or freed bytes.
/// </para>
/// <para>
/// A freed block is subtracted by its layout, so pass the layout that it was allocated with, as
/// <see cref="IAllocator"/> requires. For this reason, the allocator does not have
/// <see cref="AllocatorTraits.KnowsSize"/>, even if the inner allocator has it; the number of blocks is
/// correct with any layout.
/// </para>
/// <para>
/// A call costs the first thread to allocate about 13 more instructions, and other threads two or three
/// atomic operations, which take many times as long. Over an allocator that is not thread-safe, every caller
/// counts as the first thread. After disposal, calls are passed on without being counted.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
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

    /// <summary>Gets the inner allocator. Calls made to it directly are not counted.</summary>
    public TInner Inner => _inner;

    /// <summary>Gets the current statistics; all 0 after disposal.</summary>
    /// <remarks>
    /// The members are not read at one instant: concurrent calls can be included in some and not yet in
    /// others.
    /// </remarks>
    public AllocationStatistics Statistics => _state.IsAlive ? _state.Pointer->Read() : default;

    /// <summary>Creates an allocator that counts.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="counting">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    public static bool TryCreate(TInner inner, out Counting<TInner> counting)
    {
        bool made = CountingState.TryCreate(out StateHandle<CountingState> state);
        counting = made ? new Counting<TInner>(inner, state) : default;
        return made;
    }

    /// <summary>
    /// Resets the totals to 0, and the peak to the number of bytes in use. No other thread may call this
    /// method at the same time.
    /// </summary>
    public void Reset()
    {
        if (_state.IsAlive)
        {
            _state.Pointer->Reset();
        }
    }

    /// <summary>
    /// Resets the peak to the number of bytes in use. No other thread may call this method at the same time.
    /// </summary>
    public void ResetPeak()
    {
        if (_state.IsAlive)
        {
            _state.Pointer->ResetPeak();
        }
    }

    /// <summary>Sets a hook that is called once, when more bytes than a threshold are in use.</summary>
    /// <param name="bytes">The threshold, in bytes.</param>
    /// <param name="onExceeded">The hook. It can use the allocator and set the next threshold.</param>
    /// <remarks>
    /// The hook runs on the thread that exceeds the threshold, after the block was allocated; if the
    /// threshold is already exceeded, it runs before this method returns. Each call replaces the previous
    /// threshold and hook. No other thread may call this method at the same time. Bytes that other threads
    /// allocate during the call can go unnoticed until they allocate more.
    /// </remarks>
    public void SetThreshold(nuint bytes, ThresholdHook onExceeded)
    {
        if (_state.IsAlive)
        {
            _state.Pointer->SetThreshold(bytes, onExceeded);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        // Without AsRef, the compiler would copy a readonly field of a type parameter before each call.
        void* block = Unsafe.AsRef(in _inner).Allocate(layout);
        if (block != null)
        {
            CountingState.Add<TInner>(_state, block, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _inner.AllocateZeroed(layout);
        if (block != null)
        {
            CountingState.Add<TInner>(_state, block, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            CountingState.Remove<TInner>(_state, block, layout.Size);
        }

        Unsafe.AsRef(in _inner).Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* moved = _inner.Reallocate(block, layout, newSize);
        if (moved != null)
        {
            CountResize(block, layout, moved, newSize);
        }

        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _inner.TryResize(block, layout, newSize);
        if (resized)
        {
            CountResize(block, layout, block, newSize);
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

    private void CountResize(void* block, Layout layout, void* newBlock, nuint newSize)
    {
        if (block == null)
        {
            CountingState.Add<TInner>(_state, newBlock, newSize);
        }
        else
        {
            CountingState.Resize<TInner>(_state, block, layout.Size, newBlock, newSize);
        }
    }
}
