using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Calls a hook when a request fails.</summary>
/// <remarks>
/// The hook can free memory and have the request repeated, have the failure reported, or terminate the
/// process; see <see cref="FailureHook"/>. A block that cannot be resized in place is not a failure. The cost
/// is one comparison with null per request. Has all traits of the inner allocator.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Hooked<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<HookedState> _handle;

    private Hooked(TInner inner, StateHandle<HookedState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>Creates an allocator with a hook.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="hook">The hook.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    public static bool TryCreate(TInner inner, FailureHook hook, out Hooked<TInner> value)
    {
        value = default;
        if (!StateHandle<HookedState>.TryCreate(out StateHandle<HookedState> handle))
        {
            return false;
        }

        handle.Pointer->Hook = hook;
        value = new Hooked<TInner>(inner, handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        void* block = _inner.Allocate(layout);
        return block != null ? block : AllocateAgain(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _inner.AllocateZeroed(layout);
        while (block == null && ShouldRetry(layout))
        {
            block = _inner.AllocateZeroed(layout);
        }

        return block;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* resized = _inner.Reallocate(block, layout, newSize);
        while (resized == null
            && Layout.TryCreate(newSize, layout.Alignment, out Layout request) && ShouldRetry(request))
        {
            resized = _inner.Reallocate(block, layout, newSize);
        }

        return resized;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _inner.TryResize(block, layout, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void* AllocateAgain(Layout layout)
    {
        void* block = null;
        while (block == null && ShouldRetry(layout))
        {
            block = _inner.Allocate(layout);
        }

        return block;
    }

    private bool ShouldRetry(Layout layout) => _handle.IsAlive && _handle.Pointer->Hook.ShouldRetry(layout);
}
