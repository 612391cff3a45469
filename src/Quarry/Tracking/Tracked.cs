using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// Calls an <see cref="IAllocationTracker"/> for every block taken and given back, with its address, its
/// sizes and the <see cref="AllocationGroup"/> it was taken for.
/// </summary>
/// <remarks>
/// <para>
/// A header of 16 bytes stands in front of each block, or of the alignment if that is larger. It keeps the
/// size and the group, so a block may be given back with any layout. Tracking is switched on and off at any
/// time by <see cref="IsEnabled"/>; off, it costs the header and one branch a call.
/// </para>
/// <para>
/// A block that was taken while tracking was off, inside of a hook, or where
/// <see cref="AllocationGroup.Untracked"/> forbids it, is never told of. One that is given back then is not
/// told either: who keeps a table finds its address told again, or not at all.
/// </para>
/// <para>
/// While tracking is on, a block that has to move is moved by taking another one, so that both addresses are
/// taken when the tracker hears of it. As thread-safe as the allocator inside.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the requests.</typeparam>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Tracked<TInner> : IAllocator, IDisposable, IMortal
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<TrackedState> _state;

    /// <summary>Begins to track an allocator, switched on.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory for the state.</exception>
    public Tracked(TInner inner, IAllocationTracker tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        if (!StateHandle<TrackedState>.TryCreate(out _state))
        {
            Throw.OutOfMemory(Layout.Of<TrackedState>());
        }

        _inner = inner;
        _state.Pointer->Sink = GCHandle.ToIntPtr(GCHandle.Alloc(new TrackerSink(tracker)));
        _state.Pointer->Enabled = 1;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The size is known whatever is inside. Who owns a block can only be told where the allocator inside
    /// knows its sizes as well, as the header may have to be read first.
    /// </remarks>
    public static AllocatorTraits Traits =>
        (TInner.Traits & ~AllocatorTraits.KnowsOwnership) | AllocatorTraits.KnowsSize
        | (KnowsOwnership ? AllocatorTraits.KnowsOwnership : AllocatorTraits.None);

    /// <summary>
    /// The allocator that serves the requests. Blocks taken from it directly have no header: give them back
    /// to it directly.
    /// </summary>
    public TInner Inner => _inner;

    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _state.IsAlive;

    /// <summary>Whether the tracker is told. Setting it forgets the <see cref="Failure"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public bool IsEnabled
    {
        get => Atomic.Read(ref Alive()->Enabled) != 0;
        set
        {
            TrackerSink.Of(Alive()->Sink).Failure = null;
            Atomic.Write(ref Alive()->Enabled, value ? 1u : 0);
        }
    }

    /// <summary>The exception of the tracker that switched the tracking off, if one did.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public Exception? Failure => TrackerSink.Of(Alive()->Sink).Failure;

    private static bool KnowsOwnership =>
        (TInner.Traits & AllocatorTraits.KnowsOwnership) != 0
        && (TInner.Traits & AllocatorTraits.KnowsSize) != 0;

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* start = TrackedHeader.TryWrap(layout, out Layout wrapped) ? _inner.Allocate(wrapped) : null;
        return start == null ? null : Finish(start, layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* start = TrackedHeader.TryWrap(layout, out Layout wrapped)
            ? _inner.AllocateZeroed(wrapped)
            : null;
        return start == null ? null : Finish(start, layout);
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            TrackedHeader* header = TrackedHeader.Of(block);
            if (_state.Pointer->Enabled != 0)
            {
                TellDeallocated(block);
            }

            _inner.Deallocate((byte*)block - header->Offset, header->Wrapped);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (block == null)
        {
            return Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
                ? Allocate(newLayout)
                : null;
        }

        TrackedHeader* header = TrackedHeader.Of(block);
        nuint offset = header->Offset;
        if (!TrackedHeader.TryWrap(newSize, header->Alignment, out Layout wrapped))
        {
            return null;
        }

        if (_state.Pointer->Enabled != 0 && IsHeard())
        {
            return TryResize(block, layout, newSize) ? block : Move(block, newSize);
        }

        byte* start = (byte*)_inner.Reallocate((byte*)block - offset, header->Wrapped, wrapped.Size);
        return start == null ? null : TrackedHeader.Write(start, newSize, offset);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        TrackedHeader* header = TrackedHeader.Of(block);
        if ((TInner.Traits & AllocatorTraits.ResizesInPlace) == 0
            || !TrackedHeader.TryWrap(newSize, header->Alignment, out Layout wrapped))
        {
            return false;
        }

        TrackedBlock before = _state.Pointer->Enabled != 0 ? Describe(block) : default;
        if (!_inner.TryResize((byte*)block - header->Offset, header->Wrapped, wrapped.Size))
        {
            return false;
        }

        header->Size = newSize;
        if (_state.Pointer->Enabled != 0)
        {
            TellReallocated(before, header->IsTold, block);
        }

        return true;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout)
    {
        TrackedHeader* header = TrackedHeader.Of(block);
        return WrappedSize(block) - header->Offset;
    }

    /// <inheritdoc/>
    public bool Owns(void* block)
    {
        // The header tells how far the start is, but may be read only if the block is ours: so each distance
        // is tried that the alignment of the address allows.
        nuint address = (nuint)block;
        for (nuint offset = TrackedHeader.Bytes;
            KnowsOwnership && offset <= address && (address & (offset - 1)) == 0;
            offset <<= 1)
        {
            void* start = (void*)(address - offset);
            if (_inner.Owns(start) && _inner.UsableSize(start, default) >= offset
                && TrackedHeader.Of(block)->Offset == offset)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            if (_state.Pointer->Enabled != 0 && IsHeard())
            {
                Told(Sink.DeallocatedAll(AllocationGroup.Current));
            }

            _inner.DeallocateAll();
        }
    }

    /// <summary>
    /// Ends the tracking. The allocator inside and its blocks stay as they are; blocks with a header may
    /// still be given back here.
    /// </summary>
    public void Dispose()
    {
        if (_state.TryRetire())
        {
            GCHandle.FromIntPtr(_state.Pointer->Sink).Free();
            _state.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_inner);
}
