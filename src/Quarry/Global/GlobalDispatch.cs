using System;

namespace Quarry;

/// <summary>An allocator behind virtual calls, which the JIT undoes where it knows the object.</summary>
internal abstract unsafe class GlobalDispatch
{
    internal abstract Type AllocatorType { get; }

    internal abstract AllocatorTraits Traits { get; }

    internal abstract void* Allocate(Layout layout);

    internal abstract void* AllocateZeroed(Layout layout);

    internal abstract void Deallocate(void* block, Layout layout);

    internal abstract void* Reallocate(void* block, Layout layout, nuint newSize);

    internal abstract bool TryResize(void* block, Layout layout, nuint newSize);

    internal abstract nuint UsableSize(void* block, Layout layout);

    internal abstract bool Owns(void* block);
}
