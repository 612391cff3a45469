using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests purging inside pages while other threads free blocks of these pages, and end.</summary>
public sealed unsafe class PageHolesThreadsTests : IDisposable
{
    private const int Threads = 4, Generations = 4, Rounds = 25;

    private static readonly int[] s_sizes = [24, 112, 700, 1024, 2500, 6000, 20_000, 49_152];

    private readonly HeapFixture _heap = new(512 << 20);
    private readonly ConcurrentQueue<(nuint Block, int Size)> _shared = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Blocks_keep_their_contents_while_every_thread_purges()
    {
        for (int generation = 0; generation < Generations; generation++)
        {
            HeapThreadsTests.Run(Threads, number => Work(new Random((generation * Threads) + number)));
        }

        while (_shared.TryDequeue(out (nuint Block, int Size) block))
        {
            Release(block, _heap.Thread);
        }

        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    private void Work(Random random)
    {
        ThreadHeap* thread = ThreadLifetime.Acquire(_heap.State, Os.ThreadId());
        List<(nuint Block, int Size)> blocks = [];
        for (int round = 0; round < Rounds; round++)
        {
            int size = s_sizes[random.Next(s_sizes.Length)];
            for (int index = 0; index < (2 << 20) / size; index++)
            {
                void* block = Frontend.Allocate((nuint)size, thread);
                Pattern.Fill(block, (nuint)size, (uint)(nuint)block);
                blocks.Add(((nuint)block, size));
            }

            // One in some blocks stays; half of the others are freed by other threads.
            int kept = random.Next(2, 40);
            for (int index = blocks.Count - 1; index >= 0; index--)
            {
                if (random.Next(kept) != 0)
                {
                    Pass(blocks[index], random, thread);
                    blocks[index] = blocks[^1];
                    blocks.RemoveAt(blocks.Count - 1);
                }
            }

            while (_shared.Count > 3000 && _shared.TryDequeue(out (nuint Block, int Size) block))
            {
                Release(block, thread);
            }

            _ = HeapUpkeep.Trim(thread);
        }

        blocks.ForEach(_shared.Enqueue);
        ThreadLifetime.Retire(thread);
    }

    private void Pass((nuint Block, int Size) block, Random random, ThreadHeap* thread)
    {
        if (random.Next(2) == 0)
        {
            _shared.Enqueue(block);
        }
        else
        {
            Release(block, thread);
        }
    }

    private static void Release((nuint Block, int Size) block, ThreadHeap* thread)
    {
        Assert.True(Pattern.Holds((void*)block.Block, (nuint)block.Size, (uint)block.Block));
        Frontend.Free((void*)block.Block, thread);
    }
}
