using System;
using System.Collections.Concurrent;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Threads that start, hand blocks on and end, while others trim and measure.</summary>
public sealed unsafe class ThreadChurnTests : IDisposable
{
    private const int Lanes = 4, ThreadsOfALane = 60, BlocksOfAThread = 1500;

    private readonly Heap _heap = new(
        new HeapOptions { ReserveBytes = 8 << 20, DecayMilliseconds = 2 });

    private readonly ConcurrentQueue<ModelBlock> _shared = new();
    private int _broken;
    private int _running = Lanes;

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Nothing_is_lost_or_mixed_up()
    {
        HeapThreadsTests.Run(Lanes + 1, lane =>
        {
            if (lane == Lanes)
            {
                Disturb();
                return;
            }

            for (int index = 0; index < ThreadsOfALane; index++)
            {
                HeapThreadsTests.Run(1, _ => Work((lane * ThreadsOfALane) + index));
            }

            _ = Interlocked.Decrement(ref _running);
        });

        while (_shared.TryDequeue(out ModelBlock? block))
        {
            Free(block);
        }

        Assert.Equal(0, _broken);
        Assert.True(SpinWait.SpinUntil(IsEmptyAfterTrim, TimeSpan.FromSeconds(2)), "blocks are still in use");
        HeapStatistics statistics = _heap.GetStatistics();
        Assert.Equal((nuint)(Lanes * ThreadsOfALane * BlocksOfAThread), statistics.Allocations);
        Assert.InRange(statistics.UsedBytes, 0u, 2u << 20);
    }

    private bool IsEmptyAfterTrim()
    {
        _ = _heap.Trim();
        return _heap.GetStatistics().InUseBlocks == 0;
    }

    private void Disturb()
    {
        while (Volatile.Read(ref _running) > 0)
        {
            _ = _heap.GetStatistics();
            _ = _heap.Trim();
            if (_shared.TryDequeue(out ModelBlock? block))
            {
                Free(block);
            }
        }
    }

    private void Work(int seed)
    {
        Random random = new(seed);
        for (int index = 0; index < BlocksOfAThread; index++)
        {
            Layout layout = HeapTests.Of((nuint)random.Next(index % 40 == 0 ? 200_000 : 600));
            void* memory = _heap.Allocate(layout);
            ModelBlock block = new((nuint)memory, layout, layout.Size, (uint)(seed + index));
            Pattern.Fill(memory, layout.Size, block.Seed);
            _shared.Enqueue(block);
            if (random.Next(10) != 0 && _shared.TryDequeue(out ModelBlock? other))
            {
                Free(other);
            }
        }
    }

    private void Free(ModelBlock block)
    {
        if (!Pattern.Holds((void*)block.Address, block.Usable, block.Seed))
        {
            _ = Interlocked.Increment(ref _broken);
        }

        _heap.Deallocate((void*)block.Address, block.Layout);
    }
}
