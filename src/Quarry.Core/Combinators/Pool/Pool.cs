using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Allocates blocks of one size from slabs of another allocator.</summary>
/// <remarks>
/// <para>
/// Allocating and freeing take a few instructions each. Blocks are adjacent and have no header. A smaller
/// request gets a whole block; a request for a larger size or a greater alignment returns null. Each slab is
/// twice as large as the one before, so there are few of them.
/// </para>
/// <para>
/// Slabs are freed only by <see cref="DeallocateAll"/> and when the pool is disposed, with all their blocks.
/// Slabs are linked after their last block, and free blocks through their first word; both links rely on
/// blocks not being overrun. Not thread-safe; see <see cref="Synchronized{TInner}"/>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Pool<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private const nuint FirstSlabBytes = 4096, MinFirstCount = 8;

    /// <summary>Up to this size, arithmetic on a few blocks does not overflow.</summary>
    private const nuint MaxBlockSize = 1u << 31;

    private readonly TInner _inner;
    private readonly StateHandle<PoolState> _handle;

    private Pool(TInner inner, StateHandle<PoolState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership
            | AllocatorTraits.KnowsSize | AllocatorTraits.DeallocatesAll;
    }

    /// <summary>Gets a value that indicates whether the pool was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>
    /// Gets the size and alignment of every block: those requested, rounded up to hold a link; the default
    /// value after disposal.
    /// </summary>
    public Layout Block => _handle.IsAlive ? _handle.Pointer->Block : default;

    /// <summary>Gets the total size of the slabs, in bytes; 0 after disposal.</summary>
    public nuint ReservedBytes => _handle.IsAlive ? _handle.Pointer->Reserved : 0;

    /// <summary>Creates a pool without slabs.</summary>
    /// <param name="inner">
    /// The allocator of the slabs. It is not disposed with the pool, and must outlive it.
    /// </param>
    /// <param name="block">The size and alignment of the blocks.</param>
    /// <param name="limit">The maximum total size of the slabs, in bytes; 0 for no limit.</param>
    /// <param name="value">The created pool.</param>
    /// <returns>
    /// <see langword="false"/> if the blocks are too large for a slab, or the system is out of memory.
    /// </returns>
    public static bool TryCreate(TInner inner, Layout block, nuint limit, out Pool<TInner> value)
    {
        value = default;
        if (!TryPad(block, out Layout padded)
            || !StateHandle<PoolState>.TryCreate(out StateHandle<PoolState> handle))
        {
            return false;
        }

        handle.Pointer->Block = padded;
        handle.Pointer->Limit = limit == 0 ? nuint.MaxValue : limit;
        handle.Pointer->NextCount = FirstCount(padded.Size);
        value = new Pool<TInner>(inner, handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        PoolState* state = _handle.Pointer;
        if (!_handle.IsCurrent
            || layout.Size > state->Block.Size || layout.Alignment > state->Block.Alignment)
        {
            return null;
        }

        void* block = state->Free;
        if (block != null)
        {
            state->Free = *(void**)block;
            return block;
        }

        byte* fresh = state->Fresh;
        if (fresh != state->End)
        {
            state->Fresh = fresh + state->Block.Size;
            return fresh;
        }

        return AllocateSlow(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null && _handle.IsCurrent)
        {
            PoolState* state = _handle.Pointer;
            *(void**)block = state->Free;
            state->Free = block;
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (block == null)
        {
            return AllocatorDefaults.Reallocate(this, block, layout, newSize);
        }

        return TryResize(block, layout, newSize) ? block : null;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _handle.IsCurrent && newSize <= _handle.Pointer->Block.Size;

    /// <inheritdoc/>
    /// <returns>The size of <see cref="Block"/>.</returns>
    public nuint UsableSize(void* block, Layout layout) => Block.Size;

    /// <inheritdoc/>
    /// <remarks>
    /// The cost is proportional to the number of slabs, which is logarithmic in the number of blocks.
    /// </remarks>
    public bool Owns(void* block)
    {
        PoolSlab* newest = _handle.IsAlive ? _handle.Pointer->Slabs : null;
        for (PoolSlab* slab = newest; slab != null; slab = slab->Next)
        {
            if ((nuint)block - (nuint)PoolSlab.StartOf(slab) < slab->Size)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    /// <remarks>The slabs are freed.</remarks>
    public void DeallocateAll()
    {
        if (_handle.IsAlive)
        {
            FreeSlabs(_handle.Pointer);
        }
    }

    private void FreeSlabs(PoolState* state)
    {
        PoolSlab* slab = state->Slabs;
        state->Free = state->Fresh = state->End = null;
        state->Slabs = null;
        state->Reserved = 0;
        state->NextCount = FirstCount(state->Block.Size);
        while (slab != null)
        {
            PoolSlab* next = slab->Next;
            FreedBlocks.Pass((nuint)PoolSlab.StartOf(slab), (nuint)slab);
            if (TryLayOut(state, slab->Size / state->Block.Size, out Layout layout))
            {
                _inner.Deallocate(PoolSlab.StartOf(slab), layout);
            }

            slab = next;
        }
    }

    /// <summary>
    /// Rounds a layout so that blocks can follow each other and hold a link while they are free.
    /// </summary>
    private static bool TryPad(Layout block, out Layout padded)
    {
        nuint link = (nuint)sizeof(void*);
        nuint alignment = block.Alignment < link ? link : block.Alignment;
        nuint size = Layout.AlignUp(block.Size < link ? link : block.Size, alignment);
        padded = default;
        return size <= MaxBlockSize && Layout.TryCreate(size, alignment, out padded);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void* AllocateSlow(Layout layout) => TryGrow() ? Allocate(layout) : null;

    /// <summary>
    /// Allocates a slab: of the planned size, or the largest that the limit and the inner allocator permit.
    /// </summary>
    private bool TryGrow()
    {
        PoolState* state = _handle.Pointer;
        nuint room = state->Limit - state->Reserved;
        if (room < (nuint)sizeof(PoolSlab))
        {
            return false;
        }

        nuint most = (room - (nuint)sizeof(PoolSlab)) / state->Block.Size;
        nuint count = state->NextCount < most ? state->NextCount : most;
        for (; count > 0; count /= 2)
        {
            byte* start = TryLayOut(state, count, out Layout layout) ? (byte*)_inner.Allocate(layout) : null;
            if (start != null)
            {
                Add(state, start, count);
                return true;
            }
        }

        return false;
    }

    private static void Add(PoolState* state, byte* start, nuint count)
    {
        nuint size = count * state->Block.Size;
        PoolSlab* slab = (PoolSlab*)(start + size);
        slab->Next = state->Slabs;
        slab->Size = size;
        state->Slabs = slab;
        state->Fresh = start;
        state->End = start + size;
        state->Reserved += size + (nuint)sizeof(PoolSlab);
        state->NextCount = count * 2;
    }

    /// <summary>
    /// Computes the layout of a slab; <see langword="false"/> if it exceeds the maximum size of a block.
    /// </summary>
    private static bool TryLayOut(PoolState* state, nuint count, out Layout layout)
    {
        layout = default;
        return state->Block.TryRepeat(count, out Layout blocks)
            && blocks.TryExtend(Layout.Of<PoolSlab>(), out layout, out _);
    }

    private static nuint FirstCount(nuint size)
    {
        nuint count = FirstSlabBytes / size;
        return count < MinFirstCount ? MinFirstCount : count;
    }
}
