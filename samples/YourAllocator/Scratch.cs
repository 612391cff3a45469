using System;
using Quarry;

namespace YourAllocator;

/// <summary>Hands out one block of another allocator from its front to its end; frees all at once.</summary>
internal readonly unsafe struct Scratch<TInner> : IAllocator, IDisposable
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<ScratchState> _handle;

    public Scratch(TInner inner, nuint size)
    {
        _inner = inner;
        nuint start = (nuint)inner.Allocate(Layout.Create(size, 64));
        if (start == 0 || !StateHandle<ScratchState>.TryCreate(out _handle))
        {
            throw new OutOfMemoryException($"There are no {size} bytes for a scratch allocator.");
        }

        *State = new ScratchState { Start = start, Next = start, End = start + size };
    }

    public static AllocatorTraits Traits => AllocatorTraits.DeallocatesAll | AllocatorTraits.KnowsOwnership;

    private ScratchState* State => _handle.Pointer;

    // The allocator proper. No arithmetic on a layout wraps, and a block of no bytes takes one.
    public void* Allocate(Layout layout)
    {
        nuint mask = layout.Alignment - 1;
        nuint start = (State->Next + mask) & ~mask;
        nuint end = start + Math.Max(layout.Size, 1);
        State->Next = end <= State->End ? end : State->Next;
        return end <= State->End ? (void*)start : null;
    }

    public void DeallocateAll() => State->Next = State->Start;

    public bool Owns(void* block) => (nuint)block >= State->Start && (nuint)block < State->Next;

    // The rest has nothing better to do than what everybody can.
    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    public void Deallocate(void* block, Layout layout)
    {
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    // Copies share the state, so the first one to be disposed of ends all.
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            nuint size = State->End - State->Start;
            _inner.Deallocate((void*)State->Start, Layout.Create(size, 64));
            _handle.Release();
        }
    }
}
