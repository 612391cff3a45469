using System;

namespace Quarry;

/// <summary>
/// Counts the blocks and bytes requested from an allocator, as <see cref="Counting{TInner}"/> does, and also
/// the blocks by size: one class for each power of two.
/// </summary>
/// <remarks>
/// The remarks of <see cref="Counting{TInner}"/> apply. Counting by size costs the first thread about twenty
/// more instructions per call, other threads another atomic operation, and 4 KiB of memory.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
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

    /// <summary>Gets the number of size classes.</summary>
    public static int SizeClasses => SizeCounters.Classes;

    /// <summary>Gets the counters of all sizes, with their peak and threshold.</summary>
    /// <remarks>For reading only: blocks allocated directly from it are not counted by size.</remarks>
    public Counting<TInner> Total => _counting;

    /// <summary>Creates an allocator that counts by size.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="counting">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
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

    /// <summary>
    /// Copies the statistics of the size classes since creation, in ascending order of size.
    /// </summary>
    /// <param name="sizes">The span to copy to; <see cref="SizeClasses"/> elements hold all classes.</param>
    /// <returns>The number of elements copied; 0 after disposal.</returns>
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
