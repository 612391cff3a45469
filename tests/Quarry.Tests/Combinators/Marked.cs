using System.Runtime.CompilerServices;
using Quarry.Tests.Testing;

namespace Quarry.Tests.Combinators;

/// <summary>Does nothing, whatever it claims; but calls of it can be seen in compiled code.</summary>
internal readonly unsafe struct Marked<TTraits> : IAllocator where TTraits : struct, ITraits
{
    public static AllocatorTraits Traits => TTraits.Traits;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void* Allocate(Layout layout) => null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void* AllocateZeroed(Layout layout) => null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Deallocate(void* block, Layout layout)
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void* Reallocate(void* block, Layout layout, nuint newSize) => null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Owns(void* block) => false;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void DeallocateAll()
    {
    }
}
