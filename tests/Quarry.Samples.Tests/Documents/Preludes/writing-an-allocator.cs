global using Quarry.Testing;
global using Xunit;
global using static Prelude;

internal struct ScratchState
{
    public nuint Start, Next, End;
}

readonly unsafe partial struct Scratch<TInner>
{
    public Scratch(TInner inner, nuint size)
    {
        _inner = inner;
        _ = StateHandle<ScratchState>.TryCreate(out _handle);
        nuint start = (nuint)inner.Allocate(Layout.Create(size, 64));
        *State = new ScratchState { Start = start, Next = start, End = start + size };
    }

    private ScratchState* State => _handle.Pointer;

    public void Deallocate(void* block, Layout layout)
    {
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public void Dispose() => _inner.Deallocate((void*)State->Start, Layout.Create(State->End - State->Start, 64));
}

internal static class Prelude
{
    internal static readonly nuint size = 64.MiB();
}
