using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>What threads keep of a pool for themselves, and that it is not lost.</summary>
public sealed class NativeMemoryPoolKeepingTests : IDisposable
{
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(10);

    // Exact at any time, which the statistics of a heap are not for blocks that other threads have freed.
    private readonly Counting<SystemHeap> _heap = new(default);
    private readonly ManualTime _time = new();

    public void Dispose() => _heap.Dispose();

    private nuint InUse => (nuint)_heap.Statistics.CurrentBytes;

    private NativeMemoryPool<byte, Counting<SystemHeap>> Create(
        bool recycle = false, ulong maxPooledBytes = 64 << 20) => new(
        _heap,
        new NativeMemoryPoolOptions
        {
            IdleTime = s_idleTime,
            MaxPooledBytes = (nuint)maxPooledBytes,
            RecycleOwners = recycle,
            TimeProvider = _time,
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_another_thread_keeps_is_trimmed(bool recycle)
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create(recycle);
        using Worker other = new();
        other.Run(() => RentAtOnce(pool, 3));
        Assert.Equal((3, 3 * 4096u), (pool.GetStatistics().PooledBuffers, pool.GetStatistics().PooledBytes));
        Assert.Equal(3 * 4096u, pool.Trim());
        Assert.Equal(0u, InUse);
        other.Run(() => RentAtOnce(pool, 3));
        Assert.Equal(3, pool.GetStatistics().PooledBuffers);
    }

    [Fact]
    public void What_another_thread_does_not_need_any_more_is_swept()
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create();
        using Worker other = new();
        other.Run(() => RentAtOnce(pool, 4));
        Pass();
        pool.Rent(100).Dispose();
        Assert.Equal(4 * 4096u, pool.GetStatistics().PooledBytes - 128);
        other.Run(() => RentAtOnce(pool, 1));
        Pass();
        pool.Rent(100).Dispose();
        Assert.Equal(4096u, pool.GetStatistics().PooledBytes - 128);
    }

    [Fact]
    public void What_ended_threads_kept_is_used_and_given_back()
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create();
        for (int threads = 0; threads < 20; threads++)
        {
            using Worker worker = new();
            worker.Run(() => RentAtOnce(pool, 4));
        }

        Assert.InRange(pool.GetStatistics().PooledBuffers, 4, 8);
        pool.Dispose();
        Assert.Equal(0u, InUse);
    }

    [Fact]
    public void A_disposed_pool_keeps_nothing_for_a_thread_either()
    {
        NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create();
        using Worker known = new(), fresh = new();
        known.Run(() => RentAtOnce(pool, 2));
        IMemoryOwner<byte> one = pool.Rent(), two = pool.Rent();
        pool.Dispose();
        Assert.Equal(2 * 4096u, InUse);
        known.Run(one.Dispose);
        fresh.Run(two.Dispose);
        Assert.Equal(0u, InUse);
        known.Run(() => Assert.Throws<ObjectDisposedException>(() => pool.Rent()));
    }

    [Fact]
    public void Threads_keep_a_small_part_of_the_limit()
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create(maxPooledBytes: 64 * 4096);
        Worker[] workers = [.. Enumerable.Range(0, 10).Select(_ => new Worker())];
        Array.ForEach(workers, worker => worker.Run(() => RentAtOnce(pool, 4)));

        // While they rent what they keep, the rest of the limit is there for others.
        IMemoryOwner<byte>[] rented = [.. workers.Select(worker => worker.Get(() => pool.Rent()))];
        RentAtOnce(pool, 100);
        Assert.InRange(pool.GetStatistics().PooledBuffers, 56, 64);
        Array.ForEach(rented, owner => owner.Dispose());
        Assert.InRange(pool.GetStatistics().PooledBuffers, 56, 64);
        Array.ForEach(workers, worker => worker.Dispose());
    }

    [Fact]
    public void A_thread_keeps_buffers_of_all_pools_that_it_uses_in_turn()
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> one = Create(), other = Create();
        for (int times = 0; times < 10; times++)
        {
            using IMemoryOwner<byte> first = one.Rent(100), second = other.Rent(100);
            Assert.Equal((128, 128), (first.Memory.Length, second.Memory.Length));
        }

        NativeMemoryPoolStatistics ofOne = one.GetStatistics(), ofOther = other.GetStatistics();
        Assert.Equal((10, 9, 0, 1), (ofOne.Rents, ofOne.Hits, ofOne.RentedBuffers, ofOne.PooledBuffers));
        Assert.Equal(ofOne, ofOther);
    }

    [Fact]
    public void A_lost_pool_can_be_collected()
    {
        using Worker worker = new();
        WeakReference lost = worker.Get(() => Lose(this));
        NativeMemoryPoolTests.Collect(() => !lost.IsAlive);
        Assert.False(lost.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Lose(NativeMemoryPoolKeepingTests tests)
        {
            NativeMemoryPool<byte, Counting<SystemHeap>> pool = tests.Create();
            pool.Rent().Dispose();
            pool.Rent().Dispose();
            return new WeakReference(pool);
        }
    }

    [Fact]
    public void Of_two_threads_that_dispose_at_once_one_returns()
    {
        const int Rounds = 20_000;
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create();
        var owners = new IMemoryOwner<byte>[Rounds];
        using Barrier barrier = new(2);
        Thread other = new(DisposeAll);
        other.Start();
        for (int round = 0; round < Rounds; round++)
        {
            owners[round] = pool.Rent(100);
        }

        DisposeAll();
        other.Join();
        NativeMemoryPoolStatistics statistics = pool.GetStatistics();
        Assert.Equal((0, 0u, Rounds), (
            statistics.RentedBuffers, statistics.RentedBytes, statistics.PooledBuffers));
        Assert.Equal(statistics.PooledBytes, InUse);
        pool.Dispose();
        Assert.Equal(0u, InUse);

        void DisposeAll()
        {
            barrier.SignalAndWait();
            Array.ForEach(owners, owner => owner.Dispose());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sweeping_and_trimming_take_nothing_that_is_rented(bool recycle)
    {
        using NativeMemoryPool<byte, Counting<SystemHeap>> pool = Create(recycle);
        using CancellationTokenSource end = new();
        Task<int>[] users =
        [
            .. Enumerable.Range(0, 3).Select(index => Task.Factory.StartNew(
                () => RentUntil(pool, (byte)(index + 1), end.Token), TaskCreationOptions.LongRunning)),
        ];
        for (int round = 0; round < 2000; round++)
        {
            Pass();
            pool.Rent(50).Dispose();
            _ = round % 3 == 0 ? pool.Trim() : 0;
            Assert.InRange(pool.GetStatistics().RentedBuffers, 0, 3 * 5);
            Assert.InRange(pool.GetStatistics().RentedBytes, 0u, 3u * 5 * 128);
        }

        end.Cancel();
        Assert.All(users, user => Assert.Equal(0, user.Result));
        Assert.Equal((0, 0u), (pool.GetStatistics().RentedBuffers, pool.GetStatistics().RentedBytes));
        Assert.Equal(pool.GetStatistics().PooledBytes, InUse);
        pool.Dispose();
        Assert.Equal(0u, InUse);
    }

    private static int RentUntil(
        NativeMemoryPool<byte, Counting<SystemHeap>> pool, byte mark, CancellationToken end)
    {
        var owners = new IMemoryOwner<byte>[5];
        int broken = 0;
        while (!end.IsCancellationRequested)
        {
            for (int index = 0; index < owners.Length; index++)
            {
                owners[index] = pool.Rent(100);
                owners[index].Memory.Span.Fill(mark);
            }

            foreach (IMemoryOwner<byte> owner in owners)
            {
                broken += owner.Memory.Span.ContainsAnyExcept(mark) ? 1 : 0;
                owner.Dispose();
            }
        }

        return broken;
    }

    private void Pass() => _time.Pass(s_idleTime + TimeSpan.FromSeconds(1));

    private static void RentAtOnce(NativeMemoryPool<byte, Counting<SystemHeap>> pool, int count)
    {
        IMemoryOwner<byte>[] owners = [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];
        Array.ForEach(owners, owner => owner.Dispose());
    }

    /// <summary>A thread that runs the functions given to it, and ends when it is disposed of.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly BlockingCollection<Task> _tasks = [];
        private readonly Thread _thread;

        internal Worker()
        {
            _thread = new Thread(() =>
            {
                foreach (Task task in _tasks.GetConsumingEnumerable())
                {
                    task.RunSynchronously();
                }
            });
            _thread.Start();
        }

        internal void Run(Action action) => Get(() =>
        {
            action();
            return 0;
        });

        internal T Get<T>(Func<T> function)
        {
            Task<T> task = new(function);
            _tasks.Add(task);
            return task.GetAwaiter().GetResult();
        }

        public void Dispose()
        {
            _tasks.CompleteAdding();
            _thread.Join();
            _tasks.Dispose();
        }
    }
}
