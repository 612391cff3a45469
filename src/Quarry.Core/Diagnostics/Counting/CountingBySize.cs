using System;

namespace Quarry;

/// <summary>
/// Counts what an allocator is asked for, as <see cref="Counting{TInner}"/> does, and by size as well: a
/// class for each power of two.
/// </summary>
/// <remarks>
/// All that is said of <see cref="Counting{TInner}"/> holds. The table costs the first thread some twenty
/// instructions a call more, other threads another atomic operation; it takes 4 KiB.
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the requests.</typeparam>
public readonly unsafe partial struct CountingBySize<TInner> : IAllocator
    where TInner : unmanaged, IAllocator
{
    private readonly Counting<TInner> _counting;
    private readonly StateHandle<SizeCounters> _sizes;

    private CountingBySize(Counting<TInner> counting, StateHandle<SizeCounters> sizes)
    {
        _counting = counting;
        _sizes = sizes;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Counting<TInner>.Traits;

    /// <summary>The number of classes of sizes.</summary>
    public static int SizeClasses => SizeCounters.Classes;

    /// <summary>The figures of all sizes together, with what can be done about them.</summary>
    /// <remarks>Use it to look, not to allocate: what is asked of it is not counted by size.</remarks>
    public Counting<TInner> Total => _counting;

    /// <summary>Begins to count for an allocator.</summary>
    /// <returns>False if the system has no memory for the counters.</returns>
    public static bool TryCreate(TInner inner, out CountingBySize<TInner> counting)
    {
        counting = default;
        if (!StateHandle<SizeCounters>.TryCreate(out StateHandle<SizeCounters> sizes))
        {
            return false;
        }

        if (!Counting<TInner>.TryCreate(inner, out Counting<TInner> total))
        {
            _ = sizes.TryRetire();
            sizes.Release();
            return false;
        }

        counting = new CountingBySize<TInner>(total, sizes);
        return true;
    }

    /// <summary>Writes the figures of the classes, by ascending size, since the beginning.</summary>
    /// <param name="sizes">Where to; room for <see cref="SizeClasses"/> of them holds all.</param>
    /// <returns>How many were written; none once the counters are gone.</returns>
    public int CopySizeStatistics(Span<SizeStatistics> sizes)
    {
        int count = 0;
        for (; _sizes.IsAlive && count < SizeCounters.Classes && count < sizes.Length; count++)
        {
            sizes[count] = _sizes.Pointer->Read(count);
        }

        return count;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = _counting.Allocate(layout);
        if (block != null)
        {
            SizeCounters.Add<TInner>(_sizes, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _counting.AllocateZeroed(layout);
        if (block != null)
        {
            SizeCounters.Add<TInner>(_sizes, layout.Size);
        }

        return block;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            SizeCounters.Remove<TInner>(_sizes, layout.Size);
        }

        _counting.Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        void* moved = _counting.Reallocate(block, layout, newSize);
        if (moved != null && block == null)
        {
            SizeCounters.Add<TInner>(_sizes, newSize);
        }
        else if (moved != null)
        {
            SizeCounters.Resize<TInner>(_sizes, layout.Size, newSize);
        }

        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _counting.TryResize(block, layout, newSize);
        if (resized)
        {
            SizeCounters.Resize<TInner>(_sizes, layout.Size, newSize);
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _counting.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _counting.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            SizeCounters.RemoveAll<TInner>(_sizes);
            _counting.DeallocateAll();
        }
    }
}
