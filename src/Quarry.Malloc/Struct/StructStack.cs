using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Frees and reallocates blocks of an allocator, given only their addresses.</summary>
/// <remarks>
/// Blocks have the header of <see cref="Sized{TInner}"/>, unless the allocator records their sizes.
/// </remarks>
internal static unsafe class StructStack<TInner> where TInner : unmanaged, IAllocator
{
    private static TInner s_plain;
    private static Sized<TInner> s_sized;

    internal static TInner Plain => s_plain;

    private static bool KnowsSize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & AllocatorTraits.KnowsSize) != 0;
    }

    internal static void Set(TInner inner)
    {
        s_plain = inner;
        s_sized = new Sized<TInner>(inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(Layout layout) =>
        KnowsSize ? s_plain.Allocate(layout) : s_sized.Allocate(layout);

    internal static void* AllocateZeroed(Layout layout) =>
        KnowsSize ? s_plain.AllocateZeroed(layout) : s_sized.AllocateZeroed(layout);

    internal static void Deallocate(void* block)
    {
        if (KnowsSize)
        {
            s_plain.Deallocate(block, default);
        }
        else
        {
            s_sized.Deallocate(block, default);
        }
    }

    internal static void* Reallocate(void* block, nuint size)
    {
        // The allocator uses only the alignment of this layout: the new block must have it.
        _ = Layout.TryCreate(0, Block.MinSize, out Layout unknown);
        return KnowsSize
            ? s_plain.Reallocate(block, unknown, size)
            : s_sized.Reallocate(block, unknown, size);
    }

    internal static nuint UsableSize(void* block) =>
        KnowsSize ? s_plain.UsableSize(block, default) : s_sized.UsableSize(block, default);

    /// <summary>
    /// Determines whether the allocator owns a block. The allocator must have
    /// <see cref="AllocatorTraits.KnowsOwnership"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Owns(void* block)
    {
        if (KnowsSize)
        {
            return s_plain.Owns(block);
        }

        // With a header, the inner allocator's block begins 16 bytes before this one.
        return s_plain.Owns((byte*)block - sizeof(Layout)) || OwnsAligned(block);
    }

    /// <summary>
    /// Handles blocks with a larger alignment: the inner allocator's block begins one alignment before, and
    /// the header records the alignment.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OwnsAligned(void* block)
    {
        nuint header = (nuint)block - (nuint)sizeof(Layout);
        if (header % Block.MinSize != 0 || !Os.IsReadable((void*)header))
        {
            return false;
        }

        nuint alignment = Sized<TInner>.LayoutOf(block).Alignment;
        return alignment > Block.MinSize && Layout.IsPowerOfTwo(alignment)
            && (nuint)block % alignment == 0 && s_plain.Owns((byte*)block - alignment);
    }
}
