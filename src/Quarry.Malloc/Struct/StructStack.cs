using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// Calls of an allocator that know a block by its address, with a header where there must be one.
/// </summary>
/// <remarks>The header is that of <see cref="Sized{TInner}"/>; what knows its sizes has none.</remarks>
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
        // Who knows the size of a block does not look at it here, but has to know what the new one must suit.
        _ = Layout.TryCreate(0, Block.MinSize, out Layout unknown);
        return KnowsSize
            ? s_plain.Reallocate(block, unknown, size)
            : s_sized.Reallocate(block, unknown, size);
    }

    internal static nuint UsableSize(void* block) =>
        KnowsSize ? s_plain.UsableSize(block, default) : s_sized.UsableSize(block, default);

    /// <summary>Whether the allocator, which must know what it owns, has handed a block out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Owns(void* block)
    {
        if (KnowsSize)
        {
            return s_plain.Owns(block);
        }

        // Behind a header the block is not what the inner allocator gave, but begins 16 bytes before.
        return s_plain.Owns((byte*)block - sizeof(Layout)) || OwnsAligned(block);
    }

    /// <summary>A block of a stricter alignment begins further before, and its header says where.</summary>
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
