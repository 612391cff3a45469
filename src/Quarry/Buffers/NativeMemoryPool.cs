using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
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
/// Renting allocates the owner, of 40 bytes, unless
/// <see cref="NativeMemoryPoolOptions.RecycleOwners"/> is set.
/// </para>
/// <para>
/// Any thread may use it; the pool calls an allocator that is not <see cref="AllocatorTraits.ThreadSafe"/>
/// for one thread at a time. A thread keeps a few buffers of each size that it has returned, and rents them
/// without a lock; others take an uncontended lock each.
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

    // What threads keep for themselves is not there for others, so it is a small part of the limit.
    private const uint ThreadsShare = 8;

    private readonly TAllocator _allocator;
    private readonly NativeMemoryPoolOptions _options;
    private readonly nuint _alignment;
    private readonly bool _recycles;
    private readonly BlockShelf[] _shelves;
    private readonly BlockShelf _unpooled = new();
    private readonly PoolThreads _threads;

    // Of the owners of rented buffers, if lost ones are reported.
    private readonly ConditionalWeakTable<object, LeakSentinel>? _sentinels;
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
        _recycles = options.RecycleOwners;
        _shelves = MakeShelves(Math.Min(options.MaxPooledBufferBytes, options.MaxPooledBytes));

        // A thread would keep a reference to a lost owner, which then would not be reported.
        nuint threadsLimit = options.OnLeak == null ? options.MaxPooledBytes / ThreadsShare : 0;
        nuint[] blockBytes = Array.ConvertAll(_shelves, shelf => shelf.BlockBytes);
        _threads = new PoolThreads(blockBytes, threadsLimit, _recycles);
        _sentinels = options.OnLeak == null ? null : [];
        _idleTime = options.IdleTime == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : (long)Math.Ceiling(options.IdleTime.TotalMilliseconds);
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
        int length = minBufferSize > 0 ? minBufferSize : LengthOf(minBufferSize);
        int index = IndexOf(length);

        // The shelves of a thread are empty once the pool is disposed. All results are of one exact type, so
        // the calls of the owner are inlined into programs that use one kind of pool.
        if (LastThread is { } thread)
        {
            nint block = thread.TryTake(index, out object? owner);
            if (block != 0)
            {
                return Own(block, owner, LengthAt(index));
            }
        }

        return RentSlow(length, index);
    }

    /// <summary>The figures of the pool.</summary>
    public NativeMemoryPoolStatistics GetStatistics()
    {
        // What threads keep does not change meanwhile, so that a buffer which goes from there to the shelves,
        // or back, is counted once.
        _threads.Claim();
        try
        {
            NativeMemoryPoolStatistics sum = _threads.GetStatistics() + _unpooled.GetStatistics();
            foreach (BlockShelf shelf in _shelves)
            {
                sum += shelf.GetStatistics();
            }

            return sum;
        }
        finally
        {
            _threads.Unclaim();
        }
    }

    /// <summary>
    /// Gets what the calling thread keeps of the pool; null if nothing, or if it has used another one since.
    /// </summary>
    internal ThreadShelves? LastThread
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ThreadShelves.Last is { } last && last.Pool == _threads ? last : null;
    }

    /// <summary>Takes a buffer back from its owner.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Return(PooledMemory<T, TAllocator> owner)
    {
        if (_sentinels != null && _sentinels.Remove(owner, out LeakSentinel? sentinel))
        {
            sentinel.Dispose();
        }

        ThreadShelves? thread = _threads.Find();
        int index = IndexOf(owner.Length);

        // If it is recycled it may be somebody else's once it is kept.
        nint block = owner.Block;
        PooledMemory<T, TAllocator>? kept = _recycles ? owner : null;
        if (thread == null || !thread.TryPut(index, block, kept))
        {
            thread = ReturnShared(new BlockShelf.Entry(block, kept), owner.Length, index);
        }

        if (thread == null || thread.Pace.IsDue())
        {
            SweepIfDue(thread);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Volatile.Write(ref _disposed, true);
        _ = Empty(close: true);
    }

    /// <summary>The index of the smallest shelf whose blocks are long enough; there may be none.</summary>
    internal static int IndexOf(int length) =>
        BitOperations.Log2((uint)(length - 1) | ((1u << Log2SmallestLength) - 1)) + 1 - Log2SmallestLength;

    private static int LengthAt(int index) => 1 << (index + Log2SmallestLength);

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

    private int LengthOf(int minBufferSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        return minBufferSize == 0 ? 1 : _options.DefaultBufferLength;
    }

    // A thread may use several pools in turn.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PooledMemory<T, TAllocator> RentSlow(int length, int index)
    {
        object? owner = null;
        nint block = _threads.Find()?.TryTake(index, out owner) ?? 0;
        return block == 0 ? RentShared(length, index) : Own(block, owner, LengthAt(index));
    }

    private PooledMemory<T, TAllocator> RentShared(int length, int index)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        bool pooled = index < _shelves.Length;
        length = pooled ? LengthAt(index) : length;
        BlockShelf shelf = pooled ? _shelves[index] : _unpooled;
        if (!shelf.TryTake(out BlockShelf.Entry entry))
        {
            Layout layout = LayoutOf(length);
            entry.Block = (nint)AllocateOrThrow(layout);
            shelf.Miss(layout.Size);
        }

        PooledMemory<T, TAllocator> owner = Own(entry.Block, entry.Owner, length);
        _sentinels?.Add(owner, new LeakSentinel(_options.OnLeak!, (nuint)length * (nuint)sizeof(T)));
        return owner;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PooledMemory<T, TAllocator> Own(nint block, object? former, int length)
    {
        PooledMemory<T, TAllocator> owner = Unsafe.As<PooledMemory<T, TAllocator>?>(former)
            ?? new PooledMemory<T, TAllocator>(this);
        owner.Rent(block, length);
        return owner;
    }

    /// <returns>What the calling thread keeps of the pool; null if nothing.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadShelves? ReturnShared(BlockShelf.Entry entry, int length, int index)
    {
        bool pooled = index < _shelves.Length;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        ThreadShelves? thread = pooled ? _threads.TryJoin(index) : _threads.Find();
        if (pooled && thread != null && TryExtend(thread, index, entry))
        {
            return thread;
        }

        BlockShelf shelf = pooled ? _shelves[index] : _unpooled;
        if (!shelf.Return(entry, bytes) && (!pooled || !TryExtend(shelf, entry)))
        {
            Deallocate((void*)entry.Block, bytes);
        }

        return thread;
    }

    private bool TryExtend(ThreadShelves thread, int index, BlockShelf.Entry entry)
    {
        if (!_threads.TryCharge(thread, index))
        {
            return false;
        }

        nuint bytes = BytesAt(index);
        bool charges = TryAddPooled(bytes);
        bool keeps = charges && thread.TryExtend(index, entry.Block, entry.Owner);
        if (!keeps)
        {
            _threads.Discharge(bytes);
            Forget(charges ? bytes : 0);
        }

        return keeps;
    }

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
