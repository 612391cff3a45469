using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The allocator of the application: the one that serves where none is named.</summary>
/// <remarks>
/// <para>
/// It is chosen once, at the first use, and stays. The first of these that is there decides: the allocator
/// given to <see cref="Use{TAllocator}"/>; the switch <c>Quarry.GlobalAllocator</c> of
/// <c>runtimeconfig.json</c>, which the property <c>QuarryGlobalAllocator</c> of a project sets, and which
/// is <c>heap</c>, <c>system</c> for <see cref="SystemHeap"/>, or the name of a type; a
/// <see cref="GlobalAllocatorAttribute{TAllocator}"/> of the entry assembly. Without any of them it is a
/// <see cref="Heap"/> of the process. A choice that cannot be followed is an
/// <see cref="InvalidOperationException"/> at every use, which says what is wrong.
/// </para>
/// <para>
/// The value has no fields and every value is the same allocator. Any thread may use it. Once tiered up, the
/// JIT knows which allocator serves and compiles calls of its code, inlined where they would be for the
/// allocator itself. Compiled ahead of time, where no tiers are, it costs a virtual call.
/// </para>
/// </remarks>
public readonly unsafe partial struct Global : IAllocator
{
    /// <inheritdoc/>
    /// <remarks>
    /// Those of the chosen allocator, less <see cref="AllocatorTraits.DeallocatesAll"/>: nobody can know
    /// that the whole process is done with its blocks.
    /// </remarks>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GlobalChoice.Serving.Traits & ~AllocatorTraits.DeallocatesAll;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        void* block = GlobalChoice.Serving.Allocate(layout);
        return block != null ? block : AllocateAgain(layout, zeroed: false);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* AllocateZeroed(Layout layout)
    {
        void* block = GlobalChoice.Serving.AllocateZeroed(layout);
        return block != null ? block : AllocateAgain(layout, zeroed: true);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout) => GlobalChoice.Serving.Deallocate(block, layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* moved = GlobalChoice.Serving.Reallocate(block, layout, newSize);
        return moved != null ? moved : ReallocateAgain(block, layout, newSize);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        GlobalChoice.Serving.TryResize(block, layout, newSize);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint UsableSize(void* block, Layout layout) => GlobalChoice.Serving.UsableSize(block, layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Owns(void* block) => GlobalChoice.Serving.Owns(block);

    /// <inheritdoc/>
    /// <remarks>It does nothing; see <see cref="Traits"/>.</remarks>
    public void DeallocateAll()
    {
    }
}
