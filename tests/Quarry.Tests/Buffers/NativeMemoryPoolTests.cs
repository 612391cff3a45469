using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>What a pool rents out, and what it takes back.</summary>
public sealed unsafe class NativeMemoryPoolTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    private nuint InUse => _heap.GetStatistics().InUseBytes;

    private NativeMemoryPool<byte, Heap> Create(NativeMemoryPoolOptions? options = null) =>
        new(_heap, options ?? new NativeMemoryPoolOptions());

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData((1 << 20) + 1, (1 << 20) + 1)]
    [InlineData(-1, 4096)]
    public void A_buffer_is_as_long_as_asked_or_longer(int asked, int expected)
    {
        using NativeMemoryPool<byte, Heap> pool = Create();
        using IMemoryOwner<byte> owner = pool.Rent(asked);
        Assert.Equal(expected, owner.Memory.Length);
        owner.Memory.Span.Fill(1);
    }

    [Fact]
    public void Elements_may_have_any_size()
    {
        using var pool = new NativeMemoryPool<Guid, Heap>(
            _heap, new NativeMemoryPoolOptions { DefaultBufferLength = 100, MaxPooledBufferBytes = 4096 });
        Assert.Equal(128, Rent(-1));
        Assert.Equal(32, Rent(20));
        Assert.Equal(257, Rent(257));
        Assert.Equal(2, pool.GetStatistics().PooledBuffers);

        int Rent(int length)
        {
            using IMemoryOwner<Guid> owner = pool.Rent(length);
            owner.Memory.Span.Fill(Guid.AllBitsSet);
            return owner.Memory.Length;
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Buffers_have_the_alignment(int alignment)
    {
        using NativeMemoryPool<byte, Heap> pool = Create(new() { Alignment = (nuint)alignment });
        for (int length = 1; length < 3 << 20; length *= 3)
        {
            using IMemoryOwner<byte> owner = pool.Rent(length);
            using MemoryHandle pin = owner.Memory.Pin();
            Assert.Equal(0, (nint)pin.Pointer % alignment);
        }
    }

    [Fact]
    public void A_buffer_that_came_back_is_rented_again()
    {
        using NativeMemoryPool<byte, Heap> pool = Create();
        void* first = RentAndReturn(pool);
        Assert.True(first == RentAndReturn(pool));
        NativeMemoryPoolStatistics statistics = pool.GetStatistics();
        Assert.Equal((2, 1, 0, 0u), (
            statistics.Rents, statistics.Hits, statistics.RentedBuffers, statistics.RentedBytes));
        Assert.Equal((1, 4096u), (statistics.PooledBuffers, statistics.PooledBytes));
    }

    [Fact]
    public void The_pool_keeps_no_more_than_its_limit()
    {
        using NativeMemoryPool<byte, Heap> pool = Create(new() { MaxPooledBytes = 64 << 10 });
        IMemoryOwner<byte>[] owners = [.. Enumerable.Range(0, 100).Select(_ => pool.Rent())];
        NativeMemoryPoolStatistics before = pool.GetStatistics();
        Assert.Equal((100, 100 * 4096u), (before.RentedBuffers, before.RentedBytes));
        Array.ForEach(owners, owner => owner.Dispose());
        NativeMemoryPoolStatistics after = pool.GetStatistics();
        Assert.Equal((16, 64u << 10), (after.PooledBuffers, after.PooledBytes));
        Assert.Equal(64u << 10, InUse);
    }

    [Fact]
    public void Rented_buffers_take_no_part_of_the_limit_that_others_need()
    {
        using NativeMemoryPool<byte, Heap> pool = Create(new() { MaxPooledBytes = 8192 });
        IMemoryOwner<byte>[] large = [pool.Rent(4096), pool.Rent(4096)];
        Array.ForEach(large, owner => owner.Dispose());
        large = [pool.Rent(4096), pool.Rent(4096)];
        for (int round = 0; round < 2; round++)
        {
            IMemoryOwner<byte>[] small = [pool.Rent(2048), pool.Rent(2048), pool.Rent(2048)];
            Array.ForEach(small, owner => owner.Dispose());
            Assert.Equal(3 * 2048u, pool.GetStatistics().PooledBytes);
        }

        Array.ForEach(large, owner => owner.Dispose());
        Assert.Equal(3 * 2048u, pool.GetStatistics().PooledBytes);
        Assert.Equal(3 * 2048u, pool.Trim());
        using IMemoryOwner<byte> last = pool.Rent(4096);
        Assert.Equal(4096u, InUse);
    }

    [Fact]
    public void A_pool_may_keep_nothing()
    {
        using NativeMemoryPool<byte, Heap> pool = Create(new() { MaxPooledBytes = 0 });
        pool.Rent(100).Dispose();
        Assert.Equal(0u, InUse);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_owner_that_is_disposed_twice_returns_once(bool recycle)
    {
        using NativeMemoryPool<byte, Heap> pool = Create(new() { RecycleOwners = recycle });
        IMemoryOwner<byte> owner = pool.Rent();
        owner.Dispose();
        owner.Dispose();
        Assert.Equal((0, 1), (pool.GetStatistics().RentedBuffers, pool.GetStatistics().PooledBuffers));
        _ = Assert.Throws<ObjectDisposedException>(() => owner.Memory);
    }

    [Fact]
    public void An_old_owner_has_no_hold_on_the_next_user()
    {
        using NativeMemoryPool<byte, Heap> pool = Create();
        IMemoryOwner<byte> old = pool.Rent();
        Memory<byte> memory = old.Memory;
        old.Dispose();
        using IMemoryOwner<byte> next = pool.Rent();
        old.Dispose();
        Assert.Equal(1, pool.GetStatistics().RentedBuffers);
        next.Memory.Span[0] = 1;
        _ = Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
    }

    [Fact]
    public void A_disposed_pool_gives_all_back_and_rents_no_more()
    {
        NativeMemoryPool<byte, Heap> pool = Create();
        IMemoryOwner<byte> owner = pool.Rent();
        pool.Rent(100).Dispose();
        pool.Dispose();
        pool.Dispose();
        Assert.Equal(4096u, InUse);
        owner.Memory.Span[0] = 1;
        owner.Dispose();
        Assert.Equal(0u, InUse);
        _ = Assert.Throws<ObjectDisposedException>(() => pool.Rent());
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using NativeMemoryPool<byte, Heap> pool = Create();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(-2));
        Refused("Alignment", new() { Alignment = 24 });
        Refused("Alignment", new() { Alignment = 0 });
        Refused("DefaultBufferLength", new() { DefaultBufferLength = 0 });
        Refused("IdleTime", new() { IdleTime = TimeSpan.Zero });
    }

    [Fact]
    public void What_the_pool_keeps_makes_room_for_what_is_missing()
    {
        _heap.SetLimit(8.MiB());
        using NativeMemoryPool<byte, Heap> pool = Create(new() { MaxPooledBufferBytes = 4.MiB() });
        pool.Rent(4 << 20).Dispose();
        Assert.NotEqual(0u, pool.GetStatistics().PooledBytes);
        using IMemoryOwner<byte> large = pool.Rent(6 << 20);
        Assert.Equal(0u, pool.GetStatistics().PooledBytes);
        var error = Assert.Throws<OutOfMemoryException>(() => pool.Rent(7 << 20));
        Assert.Contains($"{7 << 20} bytes aligned to 16", error.Message);
        Assert.Equal(1, pool.GetStatistics().RentedBuffers);
    }

    [Fact]
    public void A_lost_owner_is_reported_with_who_rented_it()
    {
        var leaks = new ConcurrentQueue<NativeMemoryLeak>();
        using NativeMemoryPool<byte, Heap> pool = Create(new() { OnLeak = leaks.Enqueue });
        Lose(pool);
        pool.Rent().Dispose();
        Collect(() => !leaks.IsEmpty);
        NativeMemoryLeak leak = Assert.Single(leaks);
        Assert.Equal(8192u, leak.Bytes);
        Assert.Contains(leak.Site!.Frames, frame => frame.MethodName == nameof(Lose));
        Assert.Contains("8192 bytes was not disposed", leak.ToString());
        Assert.Contains(nameof(Lose), leak.ToString());
    }

    /// <summary>Collects until that has an effect: what is still in a register is not collected.</summary>
    internal static void Collect(Func<bool> happened)
    {
        for (int tries = 0; tries < 20 && !happened(); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(NativeMemoryPool<byte, Heap> pool) => pool.Rent(5000).Memory.Span[0] = 1;

    private void Refused(string option, NativeMemoryPoolOptions options) =>
        Assert.Equal(option, Assert.Throws<ArgumentOutOfRangeException>(() => Create(options)).ParamName);

    private static void* RentAndReturn(NativeMemoryPool<byte, Heap> pool)
    {
        using IMemoryOwner<byte> owner = pool.Rent();
        using MemoryHandle pin = owner.Memory.Pin();
        return pin.Pointer;
    }
}
