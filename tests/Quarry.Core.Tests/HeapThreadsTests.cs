using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>One heap, several threads: blocks wander, and are what they were when they arrive.</summary>
public sealed unsafe class HeapThreadsTests : IDisposable
{
    private readonly Heap _heap = new(new HeapOptions { ReserveBytes = 64 << 20 });

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(2, 200)]
    [InlineData(4, 2000)]
    [InlineData(6, 100_000)]
    public void Blocks_wander_between_threads(int count, int maxSize)
    {
        IEnumerable<int> numbers = Enumerable.Range(0, count);
        Channel<ModelBlock>[] inboxes = [.. numbers.Select(_ => Channel.CreateUnbounded<ModelBlock>())];
        int broken = 0;
        using Barrier barrier = new(count);
        Run(count, number =>
        {
            int seen = Wander(inboxes, number, maxSize);
            barrier.SignalAndWait();
            seen += Drain(inboxes[number]);
            _ = _heap.GetStatistics();
            barrier.SignalAndWait();
            _ = Interlocked.Add(ref broken, seen);

            // What others sent home in the meantime is received.
            _ = _heap.GetStatistics();
            barrier.SignalAndWait();
        });

        Assert.Equal(0, broken);
        HeapStatistics statistics = _heap.GetStatistics();
        Assert.Equal((0u, 0u), (statistics.InUseBlocks, statistics.InUseBytes));
        Assert.Equal((nuint)(count * 20_000), statistics.Allocations);
    }

    [Fact]
    public void One_allocates_and_another_frees_without_growing()
    {
        Channel<ModelBlock> channel = Channel.CreateBounded<ModelBlock>(200);
        Run(2, number =>
        {
            for (int index = 0; index < 100_000; index++)
            {
                if (number == 0)
                {
                    ModelBlock block = Take(64, (uint)index);
                    SpinWait.SpinUntil(() => channel.Writer.TryWrite(block));
                }
                else
                {
                    ModelBlock? block = null;
                    SpinWait.SpinUntil(() => channel.Reader.TryRead(out block));
                    Assert.True(Free(block!));
                }
            }
        });

        Assert.InRange(_heap.GetStatistics().PeakBytes, 0u, 1u << 20);
    }

    [Fact]
    public void Large_blocks_are_freed_by_other_threads()
    {
        List<ModelBlock> blocks = [];
        IEnumerable<uint> numbers = Enumerable.Range(0, 50).Select(number => (uint)number);
        Run(1, _ => blocks.AddRange(numbers.Select(number => Take(number * 100_000, number))));
        Assert.All(blocks, block => Assert.True(Free(block)));
        Assert.Equal(0u, _heap.GetStatistics().LargeInUseBlocks);
    }

    [Fact]
    public void Several_threads_make_heaps_grow_at_once()
    {
        Heap heap = new(new HeapOptions { ReserveBytes = 4 << 20 });
        int broken = 0;
        Run(4, number =>
        {
            BlockModel model = new(heap);
            Random random = new(number);
            bool good = true;
            for (int index = 0; index < 1500; index++)
            {
                nuint size = (nuint)random.Next(index % 50 == 0 ? 3_000_000 : 20_000);
                good &= model.Allocate(size, 16, zeroed: index % 3 == 0);
                good &= index % 4 == 0 || model.Free(random.Next(1000));
            }

            good &= model.AreApartAndIntact() && model.FreeAll();
            _ = Interlocked.Add(ref broken, good ? 0 : 1);
        });

        Assert.Equal(0, broken);
        Assert.Equal(0u, heap.GetStatistics().InUseBlocks);
        heap.Dispose();
    }

    /// <summary>Runs an action on threads of its own and hands on what one of them throws.</summary>
    internal static void Run(int count, Action<int> action)
    {
        Exception? thrown = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                action(number);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(thrown);
    }

    private int Wander(Channel<ModelBlock>[] inboxes, int number, int maxSize)
    {
        Random random = new(number);
        int broken = 0;
        for (int index = 0; index < 20_000; index++)
        {
            nuint size = (nuint)random.Next(index % 10 == 0 ? maxSize : 200);
            ModelBlock block = Take(size, (uint)((number * 20_000) + index));
            _ = inboxes[random.Next(inboxes.Length)].Writer.TryWrite(block);
            ChannelReader<ModelBlock> inbox = inboxes[number].Reader;
            while (inbox.Count > 500 && inbox.TryRead(out ModelBlock? received))
            {
                broken += Free(received) ? 0 : 1;
            }
        }

        return broken;
    }

    private int Drain(Channel<ModelBlock> inbox)
    {
        int broken = 0;
        while (inbox.Reader.TryRead(out ModelBlock? block))
        {
            broken += Free(block) ? 0 : 1;
        }

        return broken;
    }

    private ModelBlock Take(nuint size, uint seed)
    {
        Layout layout = HeapTests.Of(size);
        void* block = _heap.Allocate(layout);
        nuint usable = _heap.UsableSize(block, layout);
        Pattern.Fill(block, usable, seed);
        return new ModelBlock((nuint)block, layout, usable, seed);
    }

    private bool Free(ModelBlock block)
    {
        bool good = Pattern.Holds((void*)block.Address, block.Usable, block.Seed);
        _heap.Deallocate((void*)block.Address, block.Layout);
        return good;
    }
}
