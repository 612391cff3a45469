using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A budget in bytes for an allocator.</summary>
/// <remarks>
/// <para>
/// What is counted is the usable size of each block where the inner allocator knows it, and the requested
/// size otherwise; what the allocator spends on its own is not. A request that would exceed the limit asks
/// the hook, which may free something and have it tried again; without one it fails. Only a block that
/// grows can exceed the limit, by what the inner allocator rounds its size up.
/// </para>
/// <para>
/// The figures are exact. Several threads may use it if they may use the inner allocator; it costs an atomic
/// operation a request then, and an addition otherwise. Has every trait of the inner allocator.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator that serves.</typeparam>
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

    /// <summary>The allocator that serves.</summary>
    public TInner Inner => _inner;

    /// <summary>The bytes in use.</summary>
    public nuint UsedBytes => Atomic.Read(ref _handle.Pointer->Used);

    /// <summary>The most bytes that may be in use.</summary>
    public nuint LimitBytes => _handle.Pointer->Limit;

    /// <summary>The requests that failed because of the limit.</summary>
    public nuint Refused => Atomic.Read(ref _handle.Pointer->Refused);

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

    /// <summary>Limits an allocator that stays the caller's, and must outlive the value.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="limit">The most bytes that may be in use; not 0.</param>
    /// <param name="hook">Is asked when a request would exceed the limit; the default value fails it.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if the limit is 0 or the system has no memory.</returns>
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

                // There is no room for what the size was rounded up by.
                _inner.Deallocate(block, layout);
            }
        }
        while (ShouldRetry(layout));
        return null;
    }

    /// <summary>Puts the books right after a resizing whose growth was charged already.</summary>
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

    /// <summary>Takes bytes off the books; less than none, in the arithmetic of words, adds some.</summary>
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
            state->Refused = IsShared ? Atomic.Add(ref state->Refused, 1) : state->Refused + 1;
        }

        return retry;
    }
}
