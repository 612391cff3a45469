using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>What happens while tracking is on, away from the fast paths.</content>
public readonly unsafe partial struct Tracked<TInner>
{
    private TrackerSink Sink => TrackerSink.Of(_state.Pointer->Sink);

    private TrackedState* Alive()
    {
        ObjectDisposedException.ThrowIf(!_state.IsAlive, typeof(Tracked<TInner>));
        return _state.Pointer;
    }

    /// <summary>Whether the calling thread is to be heard, and there is somebody to hear it.</summary>
    private bool IsHeard() => !GroupContext.IsSilent && _state.IsAlive;

    private void* Finish(void* start, Layout layout)
    {
        void* block = TrackedHeader.Write(start, layout.Size, layout.Alignment);
        if (_state.Pointer->Enabled != 0)
        {
            TellAllocated(block);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellAllocated(void* block)
    {
        if (IsHeard())
        {
            TrackedHeader.Of(block)->Group = AllocationGroup.Current;
            Told(Sink.Allocated(Describe(block)));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellDeallocated(void* block)
    {
        if (TrackedHeader.Of(block)->IsTold && IsHeard())
        {
            Told(Sink.Deallocated(Describe(block), AllocationGroup.Current));
        }
    }

    /// <summary>Tells of a block that changed; of a new one if the tracker does not know it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellReallocated(in TrackedBlock before, bool isTold, void* block)
    {
        if (IsHeard())
        {
            TrackedHeader.Of(block)->Group = AllocationGroup.Current;
            TrackedBlock now = Describe(block);
            Told(isTold ? Sink.Reallocated(before, now) : Sink.Allocated(now));
        }
    }

    private void* Move(void* block, nuint newSize)
    {
        TrackedHeader* header = TrackedHeader.Of(block);
        nuint alignment = header->Alignment;
        void* start = TrackedHeader.TryWrap(newSize, alignment, out Layout wrapped)
            ? _inner.Allocate(wrapped)
            : null;
        if (start == null)
        {
            return null;
        }

        void* moved = TrackedHeader.Write(start, newSize, alignment);
        Memory.Copy(block, moved, header->Size < newSize ? header->Size : newSize);
        TellReallocated(Describe(block), header->IsTold, moved);
        _inner.Deallocate((byte*)block - header->Offset, header->Wrapped);
        return moved;
    }

    private TrackedBlock Describe(void* block)
    {
        TrackedHeader* header = TrackedHeader.Of(block);
        return new TrackedBlock((nuint)block, header->Size, WrappedSize(block), header->Group);
    }

    private nuint WrappedSize(void* block)
    {
        TrackedHeader* header = TrackedHeader.Of(block);
        return _inner.UsableSize((byte*)block - header->Offset, header->Wrapped);
    }

    /// <summary>A tracker that throws once would throw a million times, so it is not called again.</summary>
    private void Told(bool succeeded)
    {
        if (!succeeded && _state.IsAlive)
        {
            Atomic.Write(ref _state.Pointer->Enabled, 0);
        }
    }
}
