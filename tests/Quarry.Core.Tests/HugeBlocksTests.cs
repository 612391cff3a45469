using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <remarks>In regions of 4 MiB every block of more than 2 MiB is a mapping of its own.</remarks>
[Collection(nameof(Alone))]
public sealed unsafe class HugeBlocksTests : IDisposable
{
    private const nuint Size = 5 << 20;

    private readonly HeapFixture _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_block_is_zero_aligned_to_a_granule_and_goes_back_to_the_system()
    {
        byte* block = Allocate(Size);
        Assert.Equal(0u, (nuint)block % Region.Alignment);
        Assert.True(Pattern.IsZero(block, Size));
        Assert.Equal(Size, Frontend.UsableSize(_heap.State, block));
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0u, Frontend.UsableSize(_heap.State, block));
        Assert.Null(Mappings.At((nuint)block + (Size / 2)));
    }

    [Theory]
    [InlineData(8 << 20)]
    [InlineData(1 << 30)]
    public void Alignment_is_honoured(int alignment)
    {
        void* block = Frontend.AllocateAligned(Size, (nuint)alignment, _heap.Thread);
        Assert.True(block != null && (nuint)block % (nuint)alignment == 0);
    }

    [Fact]
    public void Growing_keeps_the_contents_and_moves_no_bytes()
    {
        byte* block = Allocate(Size);
        Pattern.Fill(block, Size, 9);
        byte* grown = (byte*)Frontend.Reallocate(block, 64 << 20, _heap.Thread);
        Assert.True(Pattern.Holds(grown, Size, 9));
        Assert.True(Pattern.IsZero(grown + Size, Size));
        Assert.Equal(0u, (nuint)grown % Region.Alignment);
        Assert.Equal((nuint)64 << 20, Frontend.UsableSize(_heap.State, grown));
        Assert.True(grown == block || Mappings.At((nuint)block) == null);
        Assert.Equal(1u, _heap.Statistics.LargeInUseBlocks);
        Assert.Equal((nuint)64 << 20, _heap.Statistics.LargeInUseBytes);
    }

    [Fact]
    public void Growth_in_place_does_not_run_over_the_neighbour()
    {
        byte* first = Allocate(Size);
        byte* second = Allocate(Size);
        Pattern.Fill(first, Size, 1);
        Pattern.Fill(second, Size, 2);
        byte* low = first < second ? first : second;
        byte* high = first < second ? second : first;
        _ = Frontend.TryResize(_heap.State, low, (nuint)(high - low) + 4096);
        Assert.True(Pattern.Holds(first, Size, 1));
        Assert.True(Pattern.Holds(second, Size, 2));
    }

    [Fact]
    public void Shrinking_gives_the_tail_back()
    {
        byte* block = Allocate(Size);
        Pattern.Fill(block, Size, 1);
        Assert.True(Frontend.TryResize(_heap.State, block, 1 << 20));
        Assert.True(Pattern.Holds(block, 1 << 20, Size, 1));
        Assert.Equal((nuint)1 << 20, Frontend.UsableSize(_heap.State, block));
        Assert.Null(Mappings.At((nuint)block + (2 << 20)));
        Assert.Equal((nuint)1 << 20, _heap.Statistics.LargeInUseBytes);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0u, _heap.State->Backend.Used & ~((nuint)0xfffff));
    }

    [Fact]
    public void Interior_addresses_are_no_blocks()
    {
        byte* block = Allocate(Size);
        Assert.False(HugeBlocks.TryFree(&_heap.State->Backend, block + 4096));
        Assert.False(HugeBlocks.TryFree(&_heap.State->Backend, block + (2 << 20)));
        Assert.True(HugeBlocks.TryFree(&_heap.State->Backend, block));
        Assert.False(HugeBlocks.TryFree(&_heap.State->Backend, block));
    }

    [Fact]
    public void Charges_balance_after_growing_shrinking_and_freeing()
    {
        byte* block = Allocate(Size);
        Frontend.Free(block, _heap.Thread);
        nuint used = _heap.State->Backend.Used;
        block = Allocate(Size);
        block = (byte*)Frontend.Reallocate(block, 3 * Size, _heap.Thread);
        block = (byte*)Frontend.Reallocate(block, 2 * Size, _heap.Thread);
        Assert.Equal(used + (2 * Size), _heap.State->Backend.Used);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(used, _heap.State->Backend.Used);
    }

    [Fact]
    public void Growing_beyond_the_limit_fails_and_charges_nothing()
    {
        byte* block = Allocate(Size);
        nuint used = _heap.State->Backend.Used;
        _heap.State->Backend.Limit = 2 * Size;
        Assert.True(Frontend.Reallocate(block, 4 * Size, _heap.Thread) == null);
        Assert.Equal(used, _heap.State->Backend.Used);
        Assert.Equal(Size, Frontend.UsableSize(_heap.State, block));
    }

    [Fact]
    public void Growing_where_nothing_can_be_moved_copies()
    {
        using CountingPages pages = new();
        using HeapFixture heap = new(pages: pages.Source);
        byte* block = (byte*)Frontend.Allocate(Size, heap.Thread);
        Pattern.Fill(block, Size, 4);
        byte* grown = (byte*)Frontend.Reallocate(block, 2 * Size, heap.Thread);
        Assert.True(grown != block && Pattern.Holds(grown, Size, 4));
        Assert.Equal(2, pages.Live.Count);
    }

    private byte* Allocate(nuint size) => (byte*)Frontend.Allocate(size, _heap.Thread);
}
