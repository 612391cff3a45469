using System;
using System.Diagnostics;
using System.Threading;

namespace Quarry;

/// <summary>
/// Reports the memory in use to the garbage collector, which then collects as if it were managed.
/// </summary>
/// <remarks>
/// <para>
/// For blocks that managed objects own: the collector sees small objects and has no reason to run while they
/// hold much native memory. The bytes in use are reported by <see cref="GC.AddMemoryPressure"/> and
/// <see cref="GC.RemoveMemoryPressure"/>, each time that they have changed by a step, 256 KiB by default.
/// Memory that is freed by <c>using</c> or with an arena needs no pressure.
/// </para>
/// <para>
/// Bytes are those of the layouts, so each block has to be freed with its own. The traits are those of the
/// inner allocator. As thread-safe as the inner allocator; a request costs an atomic operation.
/// </para>
/// <para>
/// <see cref="Dispose"/> withdraws the pressure. The inner allocator is not disposed, and must outlive this
/// one.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the requests.</typeparam>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe struct Pressured<TInner> : IAllocator, IDisposable, IMortal
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<PressuredState> _handle;

    private Pressured(TInner inner, StateHandle<PressuredState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <summary>Initializes the decorator.</summary>
    /// <param name="inner">The allocator that serves the requests.</param>
    /// <param name="stepBytes">The change that is reported to the collector; 0 for 256 KiB.</param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Pressured(TInner inner, nuint stepBytes = 0)
    {
        if (!TryCreate(inner, stepBytes, out this))
        {
            Throw.OutOfMemory(Layout.Of<PressuredState>());
        }
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>Gets the allocator that serves the requests.</summary>
    public TInner Inner => _inner;

    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the bytes that are reported to the collector.</summary>
    public nuint PressureBytes => IsAlive ? (nuint)Volatile.Read(ref _handle.Pointer->Reported) : 0;

    /// <summary>Creates the decorator.</summary>
    /// <param name="inner">The allocator that serves the requests.</param>
    /// <param name="stepBytes">The change that is reported to the collector; 0 for 256 KiB.</param>
    /// <param name="value">The decorator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    public static bool TryCreate(TInner inner, nuint stepBytes, out Pressured<TInner> value)
    {
        bool created = StateHandle<PressuredState>.TryCreate(out StateHandle<PressuredState> handle);
        if (created)
        {
            handle.Pointer->Step =
                (nint)(stepBytes == 0 ? 256.KiB() : nuint.Min(stepBytes, Layout.MaxSize));
        }

        value = created ? new Pressured<TInner>(inner, handle) : default;
        return created;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = IsAlive ? _inner.Allocate(layout) : null;
        Change(block != null ? (nint)layout.Size : 0);
        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = IsAlive ? _inner.AllocateZeroed(layout) : null;
        Change(block != null ? (nint)layout.Size : 0);
        return block;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        _inner.Deallocate(block, layout);
        Change(block != null ? -(nint)layout.Size : 0);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* resized = IsAlive ? _inner.Reallocate(block, layout, newSize) : null;
        Change(resized != null ? (nint)newSize - (block != null ? (nint)layout.Size : 0) : 0);
        return resized;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = IsAlive && _inner.TryResize(block, layout, newSize);
        Change(resized ? (nint)newSize - (nint)layout.Size : 0);
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
            if (IsAlive)
            {
                Change(-(nint)Atomic.Read(ref _handle.Pointer->InUse));
            }
        }
    }

    /// <summary>Withdraws the pressure. Later requests return null, and a second call does nothing.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            PressuredState.Report(_handle.Pointer, 0);
            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Pressured") ?? Dead.Of(_inner);

    private void Change(nint bytes)
    {
        if (bytes != 0 && IsAlive)
        {
            PressuredState.Change(_handle.Pointer, bytes);
        }
    }

    private string DebuggerText => IsAlive ? $"{PressureBytes} bytes of pressure" : "not alive";
}
