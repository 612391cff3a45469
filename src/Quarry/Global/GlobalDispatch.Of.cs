using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>One allocator behind the calls.</summary>
/// <remarks>
/// It is kept in the parameter, as no field may be: a call on a readonly field whose type is a parameter is
/// made on a copy.
/// </remarks>
internal sealed unsafe class GlobalDispatch<TAllocator>(TAllocator allocator) : GlobalDispatch
    where TAllocator : unmanaged, IAllocator
{
    internal TAllocator Allocator => allocator;

    internal override Type AllocatorType => typeof(TAllocator);

    internal override AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TAllocator.Traits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override void* Allocate(Layout layout) => allocator.Allocate(layout);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override void* AllocateZeroed(Layout layout) => allocator.AllocateZeroed(layout);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override void Deallocate(void* block, Layout layout) => allocator.Deallocate(block, layout);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override void* Reallocate(void* block, Layout layout, nuint newSize) =>
        allocator.Reallocate(block, layout, newSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool TryResize(void* block, Layout layout, nuint newSize) =>
        allocator.TryResize(block, layout, newSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override nuint UsableSize(void* block, Layout layout) => allocator.UsableSize(block, layout);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool Owns(void* block) => allocator.Owns(block);
}
