using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests large blocks that begin at different cache lines.</summary>
public sealed unsafe class LinePlacementTests : IDisposable
{
    private readonly HeapFixture _heap = new(256 << 20);

    public LinePlacementTests()
    {
        _heap.State->Backend.VariesLines = true;
    }

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(100_000)]
    [InlineData(1 << 20)]
    [InlineData(1_100_000)]
    public void Blocks_are_spread_over_the_lines_of_a_page(int size)
    {
        List<nuint> offsets = Enumerable.Range(0, 64).Select(_ => Allocate((nuint)size) % 65536).ToList();
        Assert.All(offsets, offset => Assert.True(offset < 4096 && offset % 64 == 0));
        Assert.True(offsets.Distinct().Count() > 40);
    }

    [Theory]
    [InlineData(131_072, 16)]
    [InlineData(1_000_000, 4096)]
    public void A_block_without_room_or_with_an_alignment_begins_at_a_slice(int size, int alignment)
    {
        for (int count = 0; count < 20; count++)
        {
            Assert.Equal(0u, Allocate((nuint)size, (nuint)alignment) % 65536);
        }
    }

    [Fact]
    public void A_block_takes_another_slice_only_if_it_fills_those_of_1_MiB()
    {
        nuint before = _heap.Statistics.UsedBytes;
        _ = Allocate(131_072);
        Assert.Equal(before + (2 * Region.SliceSize), _heap.Statistics.UsedBytes);
        _ = Allocate(1 << 20);
        Assert.Equal(before + (19 * Region.SliceSize), _heap.Statistics.UsedBytes);
    }

    [Fact]
    public void At_the_limit_a_block_does_without_the_other_slice()
    {
        _heap.State->Backend.Limit = 1 << 20;
        Assert.Equal(0u, Allocate(1 << 20) % 65536);
    }

    [Fact]
    public void Zeroed_blocks_are_zero()
    {
        foreach (nuint size in new nuint[] { 100_000, 1 << 20, 3_000_001, 5_555_555 })
        {
            byte* block = (byte*)Allocate(size);
            new Span<byte>(block, (int)size).Fill(1);
            Frontend.Free(block, _heap.Thread);
            byte* zeroed = (byte*)Frontend.AllocateZeroed(size, 16, _heap.Thread);
            Assert.Equal(-1, new Span<byte>(zeroed, (int)size).IndexOfAnyExcept((byte)0));
            Frontend.Free(zeroed, _heap.Thread);
        }
    }

    [Fact]
    public void Random_blocks_keep_their_contents_and_alignments()
    {
        Random random = new(11);
        Dictionary<nuint, (nuint Size, uint Seed)> blocks = [];
        for (int step = 0; step < 3000; step++)
        {
            nuint size = (nuint)random.Next(65_537, random.Next(2) == 0 ? 200_000 : 3_000_000);
            if (blocks.Count < 20)
            {
                nuint alignment = (nuint)1 << random.Next(4, 18);
                Add(Allocate(size, alignment), size, alignment);
                continue;
            }

            (nuint block, (nuint old, uint seed)) = blocks.ElementAt(random.Next(blocks.Count));
            Assert.True(Pattern.Holds((byte*)block, Math.Min(old, 4096), seed));
            Assert.True(Frontend.UsableSize(_heap.State, (void*)block) >= old);
            blocks.Remove(block);
            switch (random.Next(3))
            {
                case 0:
                    Add((nuint)Frontend.Reallocate((void*)block, size, _heap.Thread), size, 16);
                    break;

                case 1 when Frontend.TryResize(_heap.State, (void*)block, size):
                    Add(block, size, 16);
                    break;

                default:
                    Frontend.Free((void*)block, _heap.Thread);
                    break;
            }
        }

        Assert.True(HeapCheck.IsValid(_heap.State));
        Frontend.Reset(_heap.State);
        Assert.Equal(0u, _heap.Statistics.UsedBytes);

        void Add(nuint block, nuint size, nuint alignment)
        {
            Assert.True(block != 0 && block % alignment == 0);
            uint seed = (uint)random.Next();
            Pattern.Fill((byte*)block, Math.Min(size, 4096), seed);
            blocks.Add(block, (size, seed));
        }
    }

    private nuint Allocate(nuint size, nuint alignment = 16)
    {
        nuint block = (nuint)Frontend.AllocateAligned(size, alignment, _heap.Thread);
        Assert.NotEqual(0u, block);
        return block;
    }
}
