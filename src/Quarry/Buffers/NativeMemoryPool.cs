using System;
using System.Buffers;
using System.Numerics;
using System.Threading;

namespace Quarry;

/// <summary>Buffers of an allocator, kept for the next one who needs one.</summary>
/// <remarks>
/// <para>
/// Sizes are powers of two, from 16 elements up to a limit; larger buffers come straight from the allocator.
/// What the pool keeps is bounded, and goes back when nobody has needed it for a while: see
/// <see cref="NativeMemoryPoolOptions"/>. The contents of a rented buffer are undefined.
/// </para>
/// <para>
/// An owner that is disposed twice does no harm, and its memory throws
/// <see cref="ObjectDisposedException"/> afterwards; an owner that is never disposed loses the memory.
/// Renting allocates the owner, of 56 bytes, unless
/// <see cref="NativeMemoryPoolOptions.RecycleOwners"/> is set.
/// </para>
/// <para>
/// Any thread may use it; the pool calls an allocator that is not <see cref="AllocatorTraits.ThreadSafe"/>
/// for one thread at a time. Renting and returning takes an uncontended lock each.
/// </para>
/// <para>
/// Disposing the pool gives back what it keeps; there is no finalizer. Buffers that are rented stay good, and
/// go back to the allocator when they are disposed. The allocator has to outlive both.
/// </para>
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TAllocator">Where the memory comes from.</typeparam>
public sealed unsafe partial class NativeMemoryPool<T, TAllocator> : MemoryPool<T>, ICollectionListener
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private const int Log2SmallestLength = 4, Log2LargestLength = 30;

    private readonly TAllocator _allocator;
    private readonly NativeMemoryPoolOptions _options;
    private readonly nuint _alignment;
    private readonly BlockShelf[] _shelves;
    private readonly BlockShelf _unpooled = new();
    private readonly Lock _allocatorLock = new();

    // The quotas of all shelves; see there.
    private nuint _pooledBytes;
    private bool _disposed;

    /// <summary>Makes an empty pool with the default options.</summary>
    /// <param name="allocator">Where the memory comes from, and goes back to.</param>
    public NativeMemoryPool(TAllocator allocator) : this(allocator, new NativeMemoryPoolOptions())
    {
    }

    /// <summary>Makes an empty pool.</summary>
    /// <param name="allocator">Where the memory comes from, and goes back to.</param>
    /// <param name="options">How it works.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is no good.</exception>
    public NativeMemoryPool(TAllocator allocator, NativeMemoryPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _allocator = allocator;
        _options = options;
        _alignment = Math.Max(options.Alignment, Layout.Of<T>().Alignment);
        _shelves = MakeShelves(Math.Min(options.MaxPooledBufferBytes, options.MaxPooledBytes));
        _lastSweep = Now;

        // The finalizer thread must not come between the users of an allocator for one thread.
        if (IsThreadSafe)
        {
            CollectionWatch.Start(this);
        }
    }

    /// <inheritdoc/>
    /// <remarks>As many elements as a span can have; the pool has no limit of its own.</remarks>
    public override int MaxBufferSize => int.MaxValue;

    /// <summary>Takes a buffer.</summary>
    /// <param name="minBufferSize">
    /// The fewest elements it must have; -1 for <see cref="NativeMemoryPoolOptions.DefaultBufferLength"/>.
    /// </param>
    /// <returns>Its owner, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, but for -1.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public override IMemoryOwner<T> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        int length = minBufferSize < 0 ? _options.DefaultBufferLength : minBufferSize;
        int index = IndexOf(length);
        bool pooled = index < _shelves.Length;
        length = pooled ? 1 << (index + Log2SmallestLength) : length;
        BlockShelf shelf = pooled ? _shelves[index] : _unpooled;

        if (!shelf.TryTake(out BlockShelf.Entry entry))
        {
            Layout layout = LayoutOf(length);
            entry.Block = (nint)AllocateOrThrow(layout);
            shelf.Miss(layout.Size);
        }

        var owner = (PooledMemory<T, TAllocator>?)entry.Owner ?? new PooledMemory<T, TAllocator>(this);
        owner.Rent((void*)entry.Block, length, shelf, Watch(length));
        return owner;
    }

    /// <summary>The figures of the pool.</summary>
    public NativeMemoryPoolStatistics GetStatistics()
    {
        NativeMemoryPoolStatistics sum = _unpooled.GetStatistics();
        foreach (BlockShelf shelf in _shelves)
        {
            sum += shelf.GetStatistics();
        }

        return sum;
    }

    /// <summary>Takes a buffer back from its owner.</summary>
    internal void Return(PooledMemory<T, TAllocator> owner)
    {
        BlockShelf shelf = owner.Shelf!;
        void* block = owner.Block;
        nuint bytes = owner.Bytes;

        // If it is recycled it may be somebody else's from here on.
        BlockShelf.Entry entry = new((nint)block, _options.RecycleOwners ? owner : null);
        if (!shelf.Return(entry, bytes) && (shelf == _unpooled || !TryExtend(shelf, entry)))
        {
            Deallocate(block, bytes);
        }

        SweepIfDue();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Volatile.Write(ref _disposed, true);
        _ = Empty(close: true);
    }

    /// <summary>The index of the smallest shelf whose blocks are long enough; there may be none.</summary>
    private static int IndexOf(int length) =>
        Math.Max(0, BitOperations.Log2((uint)Math.Max(length, 1) - 1) + 1 - Log2SmallestLength);

    private static BlockShelf[] MakeShelves(nuint maxBytes)
    {
        int count = 0;
        while (count + Log2SmallestLength <= Log2LargestLength && BytesAt(count) <= maxBytes)
        {
            count++;
        }

        var shelves = new BlockShelf[count];
        for (int index = 0; index < count; index++)
        {
            shelves[index] = new BlockShelf { BlockBytes = BytesAt(index) };
        }

        return shelves;
    }

    private static nuint BytesAt(int index) => (nuint)sizeof(T) << (index + Log2SmallestLength);

    private LeakSentinel? Watch(int length) => _options.OnLeak == null
        ? null
        : new LeakSentinel(_options.OnLeak, (nuint)length * (nuint)sizeof(T));

    private bool TryExtend(BlockShelf shelf, BlockShelf.Entry entry)
    {
        nuint bytes = shelf.BlockBytes;
        if (!TryAddPooled(bytes) && (!TryReleaseQuotas() || !TryAddPooled(bytes)))
        {
            return false;
        }

        bool keeps = shelf.TryExtend(entry);
        if (!keeps)
        {
            Forget(bytes);
        }

        return keeps;
    }

    private bool TryAddPooled(nuint bytes)
    {
        if (Atomic.Add(ref _pooledBytes, bytes) <= _options.MaxPooledBytes)
        {
            return true;
        }

        Forget(bytes);
        return false;
    }

    /// <summary>Takes from all shelves what they keep of the limit for blocks that are rented.</summary>
    /// <returns>False if there was none.</returns>
    private bool TryReleaseQuotas()
    {
        nuint released = 0;
        foreach (BlockShelf shelf in _shelves)
        {
            released += shelf.ReleaseQuota();
        }

        Forget(released);
        return released != 0;
    }

    private void Forget(nuint bytes) => _ = Atomic.Subtract(ref _pooledBytes, bytes);
}
