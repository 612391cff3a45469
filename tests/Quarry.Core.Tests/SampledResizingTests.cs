using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the records of blocks that are resized, moved and mapped.</summary>
public sealed unsafe class SampledResizingTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);
    private readonly SampleRecorder _recorder = new(1);

    public SampledResizingTests() => HeapState.SetSampler(_heap.State, _recorder.Sampler);

    public void Dispose()
    {
        _heap.Dispose();
        _recorder.Dispose();
    }

    [Fact]
    public void A_block_resized_in_place_keeps_its_record()
    {
        void* block = Frontend.Allocate(100, _heap.Thread);
        Assert.True(Frontend.Reallocate(block, 110, _heap.Thread) == block);
        Assert.Equal(((nuint)block, 110u, 112u), _recorder.Last);
        Assert.True(Frontend.TryResize(_heap.State, block, 40));
        Assert.Equal(((nuint)block, 40u, 112u), _recorder.Last);
        Assert.Equal((1, 2, 0), (_recorder.Sampled, _recorder.Resized, _recorder.Freed));
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(1, _recorder.Freed);
    }

    [Fact]
    public void A_block_that_is_copied_is_another_block()
    {
        void* block = Frontend.Allocate(100, _heap.Thread);
        block = Frontend.Reallocate(block, 5000, _heap.Thread);
        block = Frontend.Reallocate(block, 500_000, _heap.Thread);
        block = Frontend.Reallocate(block, 1000, _heap.Thread);
        Assert.Equal((4, 0, 3), (_recorder.Sampled, _recorder.Resized, _recorder.Freed));
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0, _recorder.Live);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_large_block_keeps_its_record_when_it_grows_and_shrinks()
    {
        void* block = Frontend.Allocate(100_000, _heap.Thread);
        Assert.True(Frontend.Reallocate(block, 200_000, _heap.Thread) == block);
        Assert.Equal(((nuint)block, 200_000u, 200_704u), _recorder.Last);
        Assert.True(Frontend.Reallocate(block, 120_000, _heap.Thread) == block);
        Assert.Equal(((nuint)block, 120_000u, 122_880u), _recorder.Last);
        Assert.Equal((1, 2, 0), (_recorder.Sampled, _recorder.Resized, _recorder.Freed));
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0, _recorder.Live);
    }

    [Fact]
    public void Growth_of_a_block_that_was_not_sampled_is_drawn()
    {
        HeapState.SetSampler(_heap.State, null);
        void* large = Frontend.Allocate(100_000, _heap.Thread);
        void* small = Frontend.Allocate(100, _heap.Thread);
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        Assert.True(Frontend.Reallocate(small, 101, _heap.Thread) == small);
        Assert.True(Frontend.Reallocate(large, 80_000, _heap.Thread) == large);
        Assert.Equal(0, _recorder.Sampled);
        Assert.True(Frontend.Reallocate(large, 100_000, _heap.Thread) == large);
        Assert.Equal((1, 0), (_recorder.Sampled, _recorder.Resized));
        Assert.Equal(((nuint)large, 100_000u, 102_400u), _recorder.Last);
        Frontend.Free(large, _heap.Thread);
        Frontend.Free(small, _heap.Thread);
        Assert.Equal(1, _recorder.Freed);
    }

    [Fact]
    public void A_huge_block_keeps_its_record_when_it_is_remapped()
    {
        // A block that must move to grow becomes a huge block, which is another block.
        void* block = Frontend.Allocate(900_000, _heap.Thread);
        _ = Frontend.Allocate(100_000, _heap.Thread);
        void* huge = Frontend.Reallocate(block, 3 << 20, _heap.Thread);
        Assert.True(huge != block);
        Assert.Equal((3, 0, 1), (_recorder.Sampled, _recorder.Resized, _recorder.Freed));

        for (int step = 1; step <= 6; step++)
        {
            nuint size = (nuint)(3 + (step * 5)) << 20;
            huge = Frontend.Reallocate(huge, size, _heap.Thread);
            Assert.True(huge != null);
            Assert.Equal((3, step), (_recorder.Sampled, _recorder.Resized));
            Assert.Equal((size, size), (_recorder.Last.Size, _recorder.Last.Usable));
        }

        Assert.True(HeapCheck.IsValid(_heap.State));
        Frontend.Free(huge, _heap.Thread);
        Assert.Equal(2, _recorder.Freed);
    }

    [Fact]
    public void Aligned_huge_blocks_have_records_of_their_own()
    {
        void*[] blocks = new void*[8];
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index] = Frontend.AllocateAligned(10_000, 4 << 20, _heap.Thread);
        }

        Assert.Equal(8, _recorder.Sampled);
        for (int index = 0; index < blocks.Length; index++)
        {
            Frontend.Free(blocks[index], _heap.Thread);
            Assert.Equal(index + 1, _recorder.Freed);
        }

        void* again = Frontend.AllocateAligned(10_000, 4 << 20, _heap.Thread);
        Frontend.Free(again, _heap.Thread);
        Assert.Equal((9, 9), (_recorder.Sampled, _recorder.Freed));
    }
}
