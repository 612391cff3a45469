using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>A pool under threads that hand buffers to each other, and its cost in objects.</summary>
public sealed class NativeMemoryPoolThreadsTests : IDisposable
{
    private const int Threads = 4, Steps = 20_000, Held = 50;

    private static readonly NativeMemoryPoolOptions s_options = new()
    {
        MaxPooledBytes = 1.MiB(),
        MaxPooledBufferBytes = 64.KiB(),
    };

    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Buffers_are_nobody_elses_while_they_are_rented(bool recycle)
    {
        NativeMemoryPoolOptions options = s_options with { RecycleOwners = recycle };
        using var pool = new NativeMemoryPool<byte, Heap>(_heap, options);
        Load(pool);
        NativeMemoryPoolStatistics statistics = pool.GetStatistics();
        Assert.Equal((0, 0u), (statistics.RentedBuffers, statistics.RentedBytes));
        Assert.InRange(statistics.Hits, 1, statistics.Rents);
        Assert.InRange(statistics.PooledBytes, 1u, options.MaxPooledBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void An_allocator_for_one_thread_is_called_by_one_at_a_time(int maxPooledBytes)
    {
        NativeMemoryPoolOptions options = s_options with { MaxPooledBytes = (nuint)maxPooledBytes };
        var pool = new NativeMemoryPool<byte, OneAtATime>(new OneAtATime(), options);
        Load(pool);
        Assert.Equal(pool.GetStatistics().PooledBytes, OneAtATime.BytesInUse);
        pool.Dispose();
        Assert.Equal((0, 0u), (OneAtATime.Intrusions, OneAtATime.BytesInUse));
    }

    [Fact]
    public void Renting_with_recycled_owners_allocates_no_object() =>
        Assert.Equal(0, ObjectBytes(recycle: true));

    [Fact]
    public void Renting_allocates_one_small_object() => Assert.Equal(40, ObjectBytes(recycle: false));

    private long ObjectBytes(bool recycle)
    {
        const int Rents = 900;
        using var pool = new NativeMemoryPool<byte, Heap>(
            _heap, new NativeMemoryPoolOptions { RecycleOwners = recycle });
        RentAndReturn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RentAndReturn();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rents;

        void RentAndReturn()
        {
            for (int times = 0; times < Rents / 3; times++)
            {
                using IMemoryOwner<byte> one = pool.Rent(), two = pool.Rent(), three = pool.Rent(10_000);
                one.Memory.Span[0] = three.Memory.Span[0] = 1;
            }
        }
    }

    /// <summary>Each thread marks what it rents, holds some, and gives some to the next one.</summary>
    private static void Load<TAllocator>(NativeMemoryPool<byte, TAllocator> pool)
        where TAllocator : unmanaged, IAllocator
    {
        ConcurrentQueue<Marked>[] mail =
            [.. Enumerable.Range(0, Threads).Select(_ => new ConcurrentQueue<Marked>())];
        Task<int>[] workers =
        [
            .. Enumerable.Range(0, Threads).Select(index => Task.Factory.StartNew(
                () => Work(pool, new Random(index), mail[index], mail[(index + 1) % Threads]),
                TaskCreationOptions.LongRunning)),
        ];
        Assert.True(Task.WaitAll(workers, TimeSpan.FromMinutes(2)));
        Assert.All(workers, worker => Assert.Equal(0, worker.Result));
        int broken = mail.SelectMany(box => box).Count(letter => !letter.Close());
        Assert.Equal(0, broken);
    }

    private static int Work<TAllocator>(
        NativeMemoryPool<byte, TAllocator> pool,
        Random random,
        ConcurrentQueue<Marked> own,
        ConcurrentQueue<Marked> next)
        where TAllocator : unmanaged, IAllocator
    {
        var held = new List<Marked>();
        int broken = 0;
        for (int step = 0; step < Steps; step++)
        {
            int length = random.Next(4) == 0 ? -1 : 1 << random.Next(18);
            held.Add(new Marked(pool.Rent(length), (byte)random.Next(256)));
            if (own.TryDequeue(out Marked letter))
            {
                held.Add(letter);
            }

            while (held.Count > Held)
            {
                int which = random.Next(held.Count);
                Marked chosen = held[which];
                held[which] = held[^1];
                held.RemoveAt(held.Count - 1);
                if (random.Next(4) == 0)
                {
                    next.Enqueue(chosen);
                }
                else if (!chosen.Close())
                {
                    broken++;
                }
            }
        }

        return broken + held.Count(each => !each.Close());
    }

    /// <summary>A buffer that has its mark at both ends.</summary>
    private readonly struct Marked
    {
        private readonly IMemoryOwner<byte> _owner;
        private readonly byte _mark;

        internal Marked(IMemoryOwner<byte> owner, byte mark)
        {
            _owner = owner;
            _mark = mark;
            Span<byte> span = owner.Memory.Span;
            span[0] = mark;
            span[^1] = mark;
        }

        /// <returns>Whether the marks were still there.</returns>
        internal bool Close()
        {
            Span<byte> span = _owner.Memory.Span;
            bool whole = span[0] == _mark && span[^1] == _mark;
            _owner.Dispose();
            return whole;
        }
    }
}
