using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Makes an allocator usable by several threads, one at a time.</summary>
/// <remarks>
/// <para>
/// Every member acquires a spin lock that yields: without contention, one atomic operation and one store. It
/// suits allocators whose members take few instructions, such as <see cref="Pool{TInner}"/>. After Zig's
/// <c>ThreadSafeAllocator</c>.
/// </para>
/// <para>
/// The lock is not reentrant, so a hook that frees blocks belongs outside:
/// <c>Limited&lt;Synchronized&lt;...&gt;&gt;</c>, not the reverse. A child process that is forked while
/// another thread holds the lock inherits it locked, and its next call waits forever; a native image built
/// from such an allocator holds the lock across <c>fork</c> for this reason. Disposing the inner allocator is
/// not synchronized.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
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

    /// <summary>Gets the inner allocator. Calls made to it directly are not synchronized.</summary>
    public TInner Inner => _inner;

    /// <summary>Creates a synchronized allocator.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    public static bool TryCreate(TInner inner, out Synchronized<TInner> value)
    {
        bool created = StateHandle<SynchronizedState>.TryCreate(out StateHandle<SynchronizedState> handle);
        value = created ? new Synchronized<TInner>(inner, handle) : default;
        return created;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        using Hold hold = new(_handle);
        return hold.IsHeld ? _inner.Allocate(layout) : null;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        using Hold hold = new(_handle);
        return hold.IsHeld ? _inner.AllocateZeroed(layout) : null;
    }

    /// <inheritdoc/>
    /// <remarks>After disposal, the block is passed to the inner allocator without the lock.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        using Hold hold = new(_handle);
        _inner.Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        using Hold hold = new(_handle);
        return hold.IsHeld ? _inner.Reallocate(block, layout, newSize) : null;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        using Hold hold = new(_handle);
        return hold.IsHeld && _inner.TryResize(block, layout, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout)
    {
        using Hold hold = new(_handle);
        return _inner.UsableSize(block, layout);
    }

    /// <inheritdoc/>
    public bool Owns(void* block)
    {
        using Hold hold = new(_handle);
        return _inner.Owns(block);
    }

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        using Hold hold = new(_handle);
        if (hold.IsHeld)
        {
            _inner.DeallocateAll();
        }
    }

    /// <summary>Acquires the lock, which is held until <see cref="Exit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter() => _handle.Pointer->Lock.Enter();

    /// <summary>Releases the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => _handle.Pointer->Lock.Exit();

    /// <summary>Holds the lock until the end of a scope, even if a hook throws an exception.</summary>
    private readonly ref struct Hold
    {
        private readonly StateHandle<SynchronizedState> _handle;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Hold(StateHandle<SynchronizedState> handle)
        {
            _handle = handle;

            // Without this test, a disposed allocator would write a lock word into the state of another one.
            IsHeld = handle.IsAlive;
            if (IsHeld)
            {
                handle.Pointer->Lock.Enter();
            }
        }

        internal bool IsHeld { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            if (IsHeld)
            {
                _handle.Pointer->Lock.Exit();
            }
        }
    }
}
