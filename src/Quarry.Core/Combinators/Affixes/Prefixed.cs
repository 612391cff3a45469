using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stores a value before each block.</summary>
/// <remarks>
/// The block keeps its alignment, and the value ends where the block begins. The value is initially zero, and
/// is preserved when the block is resized. The offset of the block in the inner block depends on the
/// alignment, so the inner block cannot be derived from an address alone, and
/// <see cref="AllocatorTraits.KnowsOwnership"/> and <see cref="AllocatorTraits.KnowsSize"/> are lost;
/// <see cref="Sized{TInner}"/> restores the latter. The cost per block is the size of the value, rounded up
/// to the alignment.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
/// <typeparam name="TPrefix">The type of the value.</typeparam>
public readonly unsafe partial struct Prefixed<TInner, TPrefix> : IAllocator
    where TInner : unmanaged, IAllocator
    where TPrefix : unmanaged
{
    private readonly TInner _inner;

    /// <summary>
    /// Initializes a new instance over an allocator, which is not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Prefixed(TInner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TInner.Traits & ~(AllocatorTraits.KnowsOwnership | AllocatorTraits.KnowsSize);
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>Returns a reference to the value before a block. It is valid as long as the block.</summary>
    public static ref TPrefix PrefixOf(void* block) => ref *((TPrefix*)block - 1);

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        if (!TryWrap(layout, out Layout outer, out nuint offset))
        {
            return null;
        }

        void* start = _inner.Allocate(outer);
        if (start == null)
        {
            return null;
        }

        void* block = (byte*)start + offset;
        PrefixOf(block) = default;
        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* start = TryWrap(layout, out Layout outer, out nuint offset)
            ? _inner.AllocateZeroed(outer)
            : null;
        return start == null ? null : (byte*)start + offset;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            void* start = StartOf(block, layout, out Layout outer);
            _inner.Deallocate(start, outer);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (!Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || !TryWrap(newLayout, out Layout newOuter, out nuint offset))
        {
            return null;
        }

        if (block == null)
        {
            return Allocate(newLayout);
        }

        void* start = StartOf(block, layout, out Layout outer);
        void* moved = _inner.Reallocate(start, outer, newOuter.Size);
        return moved == null ? null : (byte*)moved + offset;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if ((TInner.Traits & AllocatorTraits.ResizesInPlace) == 0
            || !Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || !TryWrap(newLayout, out Layout newOuter, out _))
        {
            return false;
        }

        void* start = StartOf(block, layout, out Layout outer);
        return _inner.TryResize(start, outer, newOuter.Size);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout)
    {
        void* start = StartOf(block, layout, out Layout outer);
        return _inner.UsableSize(start, outer) - (nuint)((byte*)block - (byte*)start);
    }

    /// <inheritdoc/>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    /// <summary>Returns the start and the layout of the inner block.</summary>
    internal static void* StartOf(void* block, Layout layout, out Layout outer)
    {
        // Valid, as a block was allocated with this layout.
        _ = TryWrap(layout, out outer, out nuint offset);
        return (byte*)block - offset;
    }

    private static bool TryWrap(Layout layout, out Layout outer, out nuint offset) =>
        Layout.Of<TPrefix>().TryExtend(layout, out outer, out offset);
}
