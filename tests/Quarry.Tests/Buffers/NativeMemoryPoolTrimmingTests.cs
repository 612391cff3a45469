using System;
using System.Buffers;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>When idle buffers go back to the allocator.</summary>
public sealed class NativeMemoryPoolTrimmingTests : IDisposable
{
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(10);

    private readonly Heap _heap = new();
    private readonly ManualTime _time = new();
    private readonly NativeMemoryPool<byte, Heap> _pool;

    public NativeMemoryPoolTrimmingTests() => _pool = Create(s_idleTime);

    public void Dispose()
    {
        _pool.Dispose();
        _heap.Dispose();
    }

    private NativeMemoryPool<byte, Heap> Create(TimeSpan idleTime) =>
        new(_heap, new NativeMemoryPoolOptions { IdleTime = idleTime, TimeProvider = _time });

    [Fact]
    public void Trimming_gives_back_what_is_idle()
    {
        using IMemoryOwner<byte> rented = _pool.Rent(100);
        RentAtOnce(_pool, 10);
        Assert.Equal(10 * 4096u, _pool.Trim());
        Assert.Equal(0u, _pool.Trim());
        Assert.Equal(128u, _heap.GetStatistics().InUseBytes);
        rented.Memory.Span.Fill(1);
    }

    [Fact]
    public void Buffers_that_nobody_needed_for_the_time_go_back()
    {
        RentAtOnce(_pool, 10);
        // From here on, three are enough.
        Pass();
        RentAtOnce(_pool, 3);
        Assert.Equal(10, _pool.GetStatistics().PooledBuffers);
        Pass();
        RentAtOnce(_pool, 3);
        Assert.Equal(3, _pool.GetStatistics().PooledBuffers);
        Assert.Equal(3 * 4096u, _heap.GetStatistics().InUseBytes);
        Pass();
        RentAtOnce(_pool, 3);
        Assert.Equal(3, _pool.GetStatistics().PooledBuffers);
    }

    [Fact]
    public void Buffers_of_other_sizes_go_back_as_well()
    {
        RentAtOnce(_pool, 5);
        for (int times = 0; times < 3; times++)
        {
            Pass();
            _pool.Rent(100).Dispose();
        }

        Assert.Equal((1, 128u), (_pool.GetStatistics().PooledBuffers, _pool.GetStatistics().PooledBytes));
    }

    [Fact]
    public void Before_the_time_they_stay()
    {
        RentAtOnce(_pool, 5);
        for (int times = 0; times < 100; times++)
        {
            _time.Pass(s_idleTime / 101);
            _pool.Rent().Dispose();
        }

        Assert.Equal(5, _pool.GetStatistics().PooledBuffers);
    }

    [Fact]
    public void With_an_infinite_time_they_stay()
    {
        using NativeMemoryPool<byte, Heap> pool = Create(Timeout.InfiniteTimeSpan);
        RentAtOnce(pool, 5);
        for (int times = 0; times < 3; times++)
        {
            Pass();
            pool.Rent().Dispose();
        }

        Assert.Equal(5, pool.GetStatistics().PooledBuffers);
    }

    [Fact]
    public void A_pool_that_nobody_uses_is_swept_when_the_runtime_collects()
    {
        RentAtOnce(_pool, 5);
        Pass();
        NativeMemoryPoolTests.Collect(() =>
        {
            Pass();
            return _pool.GetStatistics().PooledBuffers == 0;
        });
        Assert.Equal(0, _pool.GetStatistics().PooledBuffers);
    }

    private void Pass() => _time.Pass(s_idleTime + TimeSpan.FromSeconds(1));

    private static void RentAtOnce(NativeMemoryPool<byte, Heap> pool, int count)
    {
        IMemoryOwner<byte>[] owners = [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];
        Array.ForEach(owners, owner => owner.Dispose());
    }
}
