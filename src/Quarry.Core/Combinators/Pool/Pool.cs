using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Blocks of one size, carved from chunks of another allocator; also known as a slab.</summary>
/// <remarks>
/// <para>
/// Taking a block and giving it back is a handful of instructions, whatever came before; blocks carry no
/// header and nothing lies between them. A smaller request gets a whole block; one for a larger size or a
/// stricter alignment gets null. Each chunk is twice as large as the one before, so there are few of them.
/// </para>
/// <para>
/// Chunks are kept until the pool is disposed or <see cref="DeallocateAll"/> is called; then they go back
/// to the inner allocator, with all blocks. For one thread; see <see cref="Synchronized{TInner}"/>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator the chunks come from.</typeparam>
public readonly unsafe partial struct Pool<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private const nuint FirstChunkBytes = 4096, MinFirstCount = 8;

    /// <summary>Few of these are more than there are addresses, so no arithmetic on some wraps.</summary>
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

    /// <summary>Whether it was made and not disposed of.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>The allocator the chunks come from.</summary>
    public TInner Inner => _inner;

    /// <summary>The size and alignment of every block: what was asked for, with room for a link.</summary>
    public Layout Block => _handle.Pointer->Block;

    /// <summary>The bytes of all chunks, blocks in use or not.</summary>
    public nuint ReservedBytes => _handle.Pointer->Reserved;

    /// <summary>Makes a pool over an allocator that stays the caller's, and must outlive it.</summary>
    /// <param name="inner">The allocator the chunks come from.</param>
    /// <param name="block">The size and alignment of the blocks.</param>
    /// <param name="limit">The most bytes that the chunks may have together.</param>
    /// <param name="value">The pool; it has no chunk yet.</param>
    /// <returns>False if the block is too large for a chunk, or the system has no memory.</returns>
    public static bool TryCreate(TInner inner, Layout block, nuint limit, out Pool<TInner> value)
    {
        value = default;
        if (!TryPad(block, out Layout padded)
            || !StateHandle<PoolState>.TryCreate(out StateHandle<PoolState> handle))
        {
            return false;
        }

        handle.Pointer->Block = padded;
        handle.Pointer->Limit = limit;
        handle.Pointer->NextCount = FirstCount(padded.Size);
        value = new Pool<TInner>(inner, handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        PoolState* state = _handle.Pointer;
        if (layout.Size > state->Block.Size || layout.Alignment > state->Block.Alignment)
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
        if (block != null)
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
        newSize <= _handle.Pointer->Block.Size;

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _handle.Pointer->Block.Size;

    /// <inheritdoc/>
    /// <remarks>Looks at each chunk; their number is the logarithm of that of the blocks.</remarks>
    public bool Owns(void* block)
    {
        for (PoolSlab* chunk = _handle.Pointer->Chunks; chunk != null; chunk = chunk->Next)
        {
            if ((nuint)block - (nuint)PoolSlab.StartOf(chunk) < chunk->Size)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    /// <remarks>The chunks go back to the inner allocator.</remarks>
    public void DeallocateAll()
    {
        PoolState* state = _handle.Pointer;
        PoolSlab* chunk = state->Chunks;
        state->Free = state->Fresh = state->End = null;
        state->Chunks = null;
        state->Reserved = 0;
        state->NextCount = FirstCount(state->Block.Size);
        while (chunk != null)
        {
            PoolSlab* next = chunk->Next;
            if (TryLayOut(state, chunk->Size / state->Block.Size, out Layout layout))
            {
                _inner.Deallocate(PoolSlab.StartOf(chunk), layout);
            }

            chunk = next;
        }
    }

    /// <summary>
    /// The blocks as they are carved: aligned, and with room for a link while they are free.
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

    /// <summary>Takes a chunk, as large as planned or as the limit and the inner allocator allow.</summary>
    private bool TryGrow()
    {
        PoolState* state = _handle.Pointer;
        nuint room = state->Limit - state->Reserved;
        if (!_handle.IsAlive || room < (nuint)sizeof(PoolSlab))
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
        PoolSlab* chunk = (PoolSlab*)(start + size);
        chunk->Next = state->Chunks;
        chunk->Size = size;
        state->Chunks = chunk;
        state->Fresh = start;
        state->End = start + size;
        state->Reserved += size + (nuint)sizeof(PoolSlab);
        state->NextCount = count * 2;
    }

    /// <summary>The layout of a chunk of so many blocks; false if it is larger than a block can be.</summary>
    private static bool TryLayOut(PoolState* state, nuint count, out Layout layout)
    {
        layout = default;
        return state->Block.TryRepeat(count, out Layout blocks)
            && blocks.TryExtend(Layout.Of<PoolSlab>(), out layout, out _);
    }

    private static nuint FirstCount(nuint size)
    {
        nuint count = FirstChunkBytes / size;
        return count < MinFirstCount ? MinFirstCount : count;
    }
}
