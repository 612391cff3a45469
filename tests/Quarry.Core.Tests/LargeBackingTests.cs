using System;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class LargeBackingTests : IDisposable
{
    private const nuint HugePage = 2 << 20, Size = 15 << 20;

    private readonly HeapFixture _heap = new((nuint)2 << 30);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Blocks_that_follow_a_written_one_are_backed_before_they_are_written()
    {
        Assert.SkipUnless(CanCollapse(), "the system does not collapse huge pages");
        Write(Allocate(Size), Size, 4096);
        byte* next = Allocate(Size);
        int backed = 0;

        // A block may share its first and its last huge page with its neighbors.
        for (; Resident(next) >= Size - (2 * HugePage); next = Allocate(Size))
        {
            backed++;
        }

        // What was written is spent: a block is inspected again.
        Assert.InRange(backed, 10, 17);
        Write(next, Size, 4096);
        Write(Allocate(Size), Size, 4096);
        Assert.InRange(Resident(Allocate(Size)), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void Blocks_in_a_row_are_backed_without_gaps()
    {
        Assert.SkipUnless(CanCollapse(), "the system does not collapse huge pages");

        // From here on, memory is committed in steps that are larger than the blocks.
        void* before = Frontend.AllocateZeroed(200 << 20, Block.MinAlignment, _heap.Thread);
        Assert.True(before != null);
        Write(Allocate(Size), Size, 4096);
        Assert.InRange(Resident(Allocate(Size)), Size - HugePage, Size);
        Assert.Equal(Size, Resident(Allocate(Size)));
        Assert.Equal(Size, Resident(Allocate(Size)));
    }

    [Fact]
    public void The_purged_part_of_a_block_is_backed()
    {
        Assert.SkipUnless(CanCollapse(), "the system does not collapse huge pages");
        byte* first = Allocate(Size);
        byte* second = Allocate(Size);
        Write(first, Size, 4096);
        Write(second, Size, 4096);
        _ = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        _ = _heap.State->Backend.PurgeAll();
        Frontend.Free(second, _heap.Thread);
        Assert.Equal(0u, Resident(first));
        Assert.True(Allocate(2 * Size) == first);
        Assert.InRange(Resident(first), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void A_backed_block_reads_as_zeros()
    {
        Write(Allocate(Size), Size, 4096);
        Assert.True(Pattern.IsZero(Allocate(Size), Size));
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(1 << 20)]
    public void Blocks_that_follow_a_partly_written_one_are_not_backed(int distance)
    {
        for (int block = 0; block < 20; block++)
        {
            byte* next = Allocate(Size);
            Assert.Equal(0u, Resident(next));
            Write(next, Size, (nuint)distance);
        }
    }

    [Fact]
    public void A_block_whose_end_is_not_written_counts_as_partly_written()
    {
        byte* first = Allocate(Size);
        Write(first, Size - (2 * HugePage), 4096);
        Assert.Equal(0u, Resident(Allocate(Size)));
    }

    [Fact]
    public void Zeroed_blocks_are_not_backed()
    {
        Write(Allocate(Size), Size, 4096);
        byte* block = (byte*)Frontend.AllocateZeroed(Size, Block.MinAlignment, _heap.Thread);
        Assert.Equal(0u, Resident(block));
    }

    [Fact]
    public void No_more_is_backed_than_written_blocks_warrant()
    {
        Write(Allocate(4 << 20), 4 << 20, 4096);
        Assert.InRange<nuint>(Resident(Allocate(200 << 20), 200 << 20), 0, 15 * (4 << 20));
    }

    private byte* Allocate(nuint size)
    {
        void* block = Frontend.Allocate(size, _heap.Thread);
        Assert.True(block != null);
        return (byte*)block;
    }

    private static nuint Resident(byte* block, nuint size = Size) => Os.Resident(block, size);

    private static void Write(byte* block, nuint size, nuint distance)
    {
        for (nuint offset = 0; offset < size; offset += distance)
        {
            block[offset] = 1;
        }
    }

    private static bool CanCollapse()
    {
        byte* range = (byte*)Os.Map(2 * HugePage);
        byte* page = (byte*)Layout.AlignUp((nuint)range, HugePage);
        *page = 1;
        bool collapsed = Os.TryCollapse(page, HugePage);
        Os.Unmap(range, 2 * HugePage);
        return collapsed;
    }
}
