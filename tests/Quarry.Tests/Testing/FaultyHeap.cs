using System;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>A heap of limited capacity that does one thing wrong.</summary>
internal readonly unsafe struct FaultyHeap<TTraits> : IAllocator where TTraits : struct, ITraits
{
    private const nuint Absurd = 1 << 30;

    private readonly Fault _fault;
    private readonly nuint _capacity;
    private readonly Heap _heap = new();
    private readonly StateHandle<FaultyState> _state;

    public FaultyHeap(Fault fault, nuint capacity)
    {
        _fault = fault;
        _capacity = capacity;
        Assert.True(StateHandle<FaultyState>.TryCreate(out _state));
        State.Creator = Environment.CurrentManagedThreadId;
    }

    public static AllocatorTraits Traits => TTraits.Traits;

    public void Dispose()
    {
        _heap.Dispose();
        if (_state.TryRetire())
        {
            _state.Release();
        }
    }

    public void* Allocate(Layout layout) => _fault switch
    {
        Fault.Throws when layout.Size == 33 => throw new InvalidOperationException("thirty-three"),
        Fault.RefusesOneSize when layout.Size == 1000 => null,
        Fault.IsMisaligned when layout.Alignment >= 16 => (byte*)_heap.Allocate(layout) + 8,
        Fault.HandsOutTwice when layout.Size is >= 32 and < 64 => Twice(layout),
        Fault.HandsOutTwiceToThreads
            when Environment.CurrentManagedThreadId != State.Creator => Twice(layout),
        Fault.HandsOutTwiceAfterFreeing when State.Freed != null => Twice(layout),
        Fault.SharesSizeZero when layout.Size == 0 => _state.Pointer,
        Fault.ServesAbsurd when layout.Size > Absurd => _heap.Allocate(Layout.Of<long>()),
        Fault.StaysExhausted when State.WasExhausted => null,
        Fault.EndsEarly when State.InUse + layout.Size > _capacity / 2 => null,
        _ when layout.Size > _capacity - State.InUse => Exhausted(),
        _ => Count(_heap.Allocate(layout), layout),
    };

    public void* AllocateZeroed(Layout layout) => _fault switch
    {
        Fault.RefusesZeroed => null,
        Fault.DoesNotZero => Allocate(layout),
        Fault.ServesAbsurdZeroed when layout.Size > Absurd => _heap.Allocate(Layout.Of<long>()),
        _ => AllocatorDefaults.AllocateZeroed(this, layout),
    };

    public void Deallocate(void* block, Layout layout)
    {
        if (block != null && block != State.Twice && _fault != Fault.NeverReuses)
        {
            State.InUse -= Math.Min(layout.Size, State.InUse);
            State.Freed = block;
            _heap.Deallocate(block, layout);
        }
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        switch (_fault)
        {
            case Fault.RefusesNullReallocation when block == null:
            case Fault.RefusesToGrow when newSize > layout.Size:
                return null;
            case Fault.SpoilsWhenFailing when newSize > Absurd:
                *(byte*)block ^= 1;
                return null;
            case Fault.ServesAbsurdReallocation when newSize > Absurd:
                return block;
            case Fault.DropsContents:
                Deallocate(block, layout);
                return AllocateZeroed(Layout.Create(newSize, layout.Alignment));
            case Fault.CopiesByLayout when block != null && newSize <= _capacity:
                return CopyByLayout(block, layout, newSize);
        }

        return block == State.Twice
            ? AllocatorDefaults.Reallocate(this, block, layout, newSize)
            : newSize > _capacity ? null : _heap.Reallocate(block, layout, newSize);
    }

    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _fault != Fault.NeverResizes && _heap.TryResize(block, layout, newSize);
        if ((_fault == Fault.SpoilsWhenResizing && resized && newSize > 0 && layout.Size > 0)
            || (_fault == Fault.SpoilsWhenNotResizing && !resized && layout.Size > 0))
        {
            *(byte*)block ^= 1;
        }

        return resized || (_fault == Fault.ServesAbsurdResize && newSize > Absurd);
    }

    public nuint UsableSize(void* block, Layout layout) => _fault switch
    {
        Fault.UsableSizeTooSmall when layout.Size > 100 => layout.Size - 1,
        Fault.UsableSizeLooksAtLayout => layout.Size,
        _ when block == State.Twice => layout.Size,
        _ => _heap.UsableSize(block, layout),
    };

    public bool Owns(void* block) => _fault switch
    {
        Fault.DisownsAll => false,
        Fault.OwnsAll => true,
        Fault.OwnsForeignOnStack => block == null || _heap.Owns(block),
        _ => (Traits & AllocatorTraits.KnowsOwnership) != 0 == (_fault != Fault.AnswersThoughDenied)
            && _heap.Owns(block),
    };

    public void DeallocateAll()
    {
        if (_fault == Fault.SpoilsThoughDenied)
        {
            *(byte*)State.Last ^= 1;
        }
    }

    // The layout of a caller that relies on KnowsSize says less than the block holds.
    private void* CopyByLayout(void* block, Layout layout, nuint newSize)
    {
        void* moved = Allocate(Layout.Create(newSize, layout.Alignment));
        if (moved != null)
        {
            Memory.Copy(block, moved, nuint.Min(layout.Size, newSize));
            Deallocate(block, layout);
        }

        return moved;
    }

    private ref FaultyState State => ref *_state.Pointer;

    private void* Count(void* block, Layout layout)
    {
        State.InUse += layout.Size;
        State.Last = block;
        return block;
    }

    /// <summary>One block, for whoever asks.</summary>
    private void* Twice(Layout layout)
    {
        if (State.Twice == null)
        {
            State.Twice = _heap.Allocate(Layout.Create(1 << 20, 4096));
        }

        return layout.Size <= 1 << 20 ? State.Twice : null;
    }

    private void* Exhausted()
    {
        State.WasExhausted = true;
        return null;
    }
}
