using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Limits the number of bytes in use.</summary>
/// <remarks>
/// <para>
/// The size of a block is its usable size if the inner allocator knows it, and otherwise the requested size.
/// Memory that the inner allocator uses for itself is not counted. When a request would exceed the limit, a
/// hook is called, which can free memory and have the request repeated; without a hook the request fails.
/// Only resizing a block can exceed the limit, by the rounding of the inner allocator.
/// </para>
/// <para>
/// The count is exact. Thread-safe if the inner allocator is; a request then costs one or two atomic
/// operations, and otherwise additions. Has all traits of the inner allocator.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Limited<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<LimitedState> _handle;

    private Limited(TInner inner, StateHandle<LimitedState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>Gets the number of bytes in use; 0 after disposal.</summary>
    public nuint UsedBytes => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Used) : 0;

    /// <summary>Gets the maximum number of bytes in use; 0 after disposal.</summary>
    public nuint LimitBytes => _handle.IsAlive ? _handle.Pointer->Limit : 0;

    /// <summary>
    /// Gets the number of requests that failed because of the limit; a block that could not be resized in
    /// place is not one of them. 0 after disposal.
    /// </summary>
    public nuint Refused => _handle.IsAlive ? Atomic.Read(ref _handle.Pointer->Refused) : 0;

    private static bool KnowsSize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & AllocatorTraits.KnowsSize) != 0;
    }

    private static bool IsShared
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & AllocatorTraits.ThreadSafe) != 0;
    }

    /// <summary>Creates an allocator with a limit.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="limit">The maximum number of bytes in use; not 0.</param>
    /// <param name="hook">
    /// The hook to call when a request would exceed the limit. With the default value, the request fails.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the limit is 0, or the system is out of memory.</returns>
    public static bool TryCreate(
        TInner inner, nuint limit, FailureHook hook, out Limited<TInner> value)
    {
        value = default;
        if (limit == 0 || !StateHandle<LimitedState>.TryCreate(out StateHandle<LimitedState> handle))
        {
            return false;
        }

        handle.Pointer->Limit = limit;
        handle.Pointer->Hook.Hook = hook;
        value = new Limited<TInner>(inner, handle);
        return true;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => Allocate(layout, zeroed: false);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Allocate(layout, zeroed: true);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            nuint size = Transfer.SizeOf(_inner, block, layout);
            _inner.Deallocate(block, layout);
            Discharge(size);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (!Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout))
        {
            return null;
        }

        if (block == null)
        {
            return Allocate(newLayout);
        }

        nuint size = Transfer.SizeOf(_inner, block, layout);
        nuint growth = newSize > size ? newSize - size : 0;
        do
        {
            if (TryCharge(growth))
            {
                void* resized = _inner.Reallocate(block, layout, newSize);
                Settle(size, growth, resized, newLayout);
                return resized;
            }
        }
        while (ShouldRetry(newLayout));
        return null;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if ((TInner.Traits & AllocatorTraits.ResizesInPlace) == 0
            || !Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout))
        {
            return false;
        }

        nuint size = Transfer.SizeOf(_inner, block, layout);
        nuint growth = newSize > size ? newSize - size : 0;
        if (!TryCharge(growth))
        {
            return false;
        }

        bool resized = _inner.TryResize(block, layout, newSize);
        Settle(size, growth, resized ? block : null, newLayout);
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
            _inner.DeallocateAll();
            Discharge(UsedBytes);
        }
    }

    private void* Allocate(Layout layout, bool zeroed)
    {
        do
        {
            if (TryCharge(layout.Size))
            {
                void* block = zeroed ? _inner.AllocateZeroed(layout) : _inner.Allocate(layout);
                if (block != null
                    && (!KnowsSize || TryCharge(_inner.UsableSize(block, layout) - layout.Size)))
                {
                    return block;
                }

                Discharge(layout.Size);
                if (block == null)
                {
                    return null;
                }

                // The bytes by which the inner allocator rounded the size up exceed the limit.
                _inner.Deallocate(block, layout);
            }
        }
        while (ShouldRetry(layout));
        return null;
    }

    /// <summary>Corrects the count after a resize whose growth was charged in advance.</summary>
    private void Settle(nuint size, nuint growth, void* resized, Layout newLayout)
    {
        nuint charged = size + growth;
        nuint now = resized == null ? size : Transfer.SizeOf(_inner, resized, newLayout);
        Discharge(charged - now);
    }

    private bool TryCharge(nuint bytes)
    {
        LimitedState* state = _handle.Pointer;
        if (!_handle.IsAlive || bytes == 0)
        {
            return _handle.IsAlive;
        }

        for (; ; )
        {
            nuint used = Atomic.Read(ref state->Used);
            if (used > state->Limit || bytes > state->Limit - used)
            {
                return false;
            }

            if (!IsShared)
            {
                state->Used = used + bytes;
                return true;
            }

            if (Atomic.TryReplace(ref state->Used, used, used + bytes))
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Subtracts from the count. Arithmetic is modular, so a negative number of bytes adds to it.
    /// </summary>
    private void Discharge(nuint bytes)
    {
        LimitedState* state = _handle.Pointer;
        if (!_handle.IsAlive)
        {
            return;
        }

        if (IsShared)
        {
            _ = Atomic.Subtract(ref state->Used, bytes);
        }
        else
        {
            state->Used -= bytes;
        }
    }

    private bool ShouldRetry(Layout layout)
    {
        if (!_handle.IsAlive)
        {
            return false;
        }

        LimitedState* state = _handle.Pointer;
        bool retry = state->Hook.Hook.ShouldRetry(layout);
        if (!retry)
        {
            CountRefusal(state);
        }

        return retry;
    }

    private static void CountRefusal(LimitedState* state)
    {
        if (IsShared)
        {
            _ = Atomic.Add(ref state->Refused, 1);
        }
        else
        {
            state->Refused++;
        }
    }
}
