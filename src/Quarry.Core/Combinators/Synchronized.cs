using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Lets several threads use an allocator that is made for one: one at a time.</summary>
/// <remarks>
/// A spin lock that yields: one atomic operation and one store a call when nobody else is inside, and made
/// for what takes some instructions, like a <see cref="Pool{TInner}"/>. It is not reentrant, so a hook that
/// frees must be outside: <c>Limited&lt;Synchronized&lt;...&gt;&gt;</c>, not the other way round. Disposing
/// the inner allocator is not synchronized. After Zig's <c>ThreadSafeAllocator</c>.
/// </remarks>
/// <typeparam name="TInner">The allocator that serves.</typeparam>
public readonly unsafe partial struct Synchronized<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<SynchronizedState> _handle;

    private Synchronized(TInner inner, StateHandle<SynchronizedState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TInner.Traits | AllocatorTraits.ThreadSafe;
    }

    /// <summary>The allocator that serves; whoever uses it directly is not synchronized.</summary>
    public TInner Inner => _inner;

    /// <summary>Guards an allocator that stays the caller's, and must outlive the value.</summary>
    /// <returns>False if the system has no memory.</returns>
    public static bool TryCreate(TInner inner, out Synchronized<TInner> value)
    {
        bool created = StateHandle<SynchronizedState>.TryCreate(out StateHandle<SynchronizedState> handle);
        value = created ? new Synchronized<TInner>(inner, handle) : default;
        return created;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        Enter();
        try
        {
            return _inner.Allocate(layout);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        Enter();
        try
        {
            return _inner.AllocateZeroed(layout);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        Enter();
        try
        {
            _inner.Deallocate(block, layout);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Enter();
        try
        {
            return _inner.Reallocate(block, layout, newSize);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Enter();
        try
        {
            return _inner.TryResize(block, layout, newSize);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout)
    {
        Enter();
        try
        {
            return _inner.UsableSize(block, layout);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public bool Owns(void* block)
    {
        Enter();
        try
        {
            return _inner.Owns(block);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        Enter();
        try
        {
            _inner.DeallocateAll();
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Keeps all others out until <see cref="Exit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter() => _handle.Pointer->Lock.Enter();

    /// <summary>Lets others in again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => _handle.Pointer->Lock.Exit();
}
