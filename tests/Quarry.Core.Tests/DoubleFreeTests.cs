using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that double frees, detected or not, never cause an endless loop.</summary>
public sealed unsafe class DoubleFreeTests : IDisposable
{
    private const int OtherThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Chains_posted_twice_do_not_make_the_owner_loop(int distance)
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        List<nuint> blocks = Take(40);
        for (int round = 0; round < 2; round++)
        {
            for (int index = 0; index < distance; index++)
            {
                Frontend.Free((void*)blocks[index], other);
                HeapUpkeep.Settle(other);
            }
        }

        HeapUpkeep.Settle(_heap.Thread);
        Assert.Equal(300, Take(300).Count);
    }

    [Fact]
    public void A_block_freed_twice_in_a_row_by_another_thread_is_freed_once()
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        _heap.State->OnDoubleFree = &Count;
        s_reports = 0;
        List<nuint> blocks = Take(10);
        Frontend.Free((void*)blocks[0], other);
        Frontend.Free((void*)blocks[0], other);
        Assert.Equal(1, s_reports);
        HeapUpkeep.Settle(other);
        Assert.Equal(9u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_free_list_without_end_is_returned_when_the_thread_ends()
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        void* block = Frontend.Allocate(48, other);
        void* kept = Frontend.Allocate(48, other);
        Frontend.Free(block, other);
        Frontend.Free(kept, other);
        Frontend.Free(block, other);
        for (int index = 0; index < 200; index++)
        {
            _ = Frontend.Allocate(48, other);
        }

        ThreadLifetime.Retire(other);
        Assert.True(ThreadLifetime.Acquire(_heap.State, OtherThread) == other);
    }

    private static int s_reports;

    private static void Count(void* block) => s_reports++;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<nuint> Take(int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            blocks.Add((nuint)Frontend.Allocate(48, _heap.Thread));
        }

        return blocks;
    }
}
