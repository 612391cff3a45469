using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>Blocks that were given back are not used again for a while.</summary>
public sealed unsafe class CheckedQuarantineTests
{
    [Fact]
    public void A_block_is_not_used_again_before_so_many_others_were_given_back()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump, Checking.Collecting with { QuarantineBlocks = 3 });
        Layout layout = Checking.Bytes(64);
        HashSet<nuint> seen = [];
        for (int turn = 0; turn < 4; turn++)
        {
            void* block = memory.Allocate(layout);
            Assert.True(seen.Add((nuint)block));
            memory.Deallocate(block, layout);
        }

        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void Without_quarantine_a_block_goes_back_at_once()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump, Checking.Collecting with { QuarantineBytes = 0 });
        Layout layout = Checking.Bytes(64);
        void* block = memory.Allocate(layout);
        memory.Deallocate(block, layout);
        Assert.True(memory.Allocate(layout) == block);
        Assert.Empty(memory.Violations);
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(3 * 132, 3)]
    [InlineData((3 * 132) - 1, 2)]
    [InlineData(131, 0)]
    public void The_bytes_in_quarantine_are_limited(int bytes, int blocks)
    {
        Heap heap = new();
        CheckedOptions options = Checking.Collecting with { QuarantineBytes = (nuint)bytes };
        using (Checked<Heap> memory = new(heap, options))
        {
            // 16 bytes of canary on each side.
            Layout layout = Checking.Bytes(bytes == 1000 ? 900u : 100u, 4);
            nuint before = heap.GetStatistics().InUseBlocks;
            for (int turn = 0; turn < 10; turn++)
            {
                memory.Deallocate(memory.Allocate(layout), layout);
            }

            Assert.Equal(before + (nuint)blocks, heap.GetStatistics().InUseBlocks);
        }

        Assert.Equal(0u, heap.GetStatistics().InUseBlocks);
        heap.Dispose();
    }

    [Fact]
    public void Giving_back_what_left_the_quarantine_is_foreign()
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { QuarantineBlocks = 0 });
        Layout layout = Checking.Bytes(64);
        void* block = memory.Allocate(layout);
        memory.Deallocate(block, layout);
        memory.Deallocate(block, layout);
        Assert.Equal(ViolationKind.ForeignPointer, Checking.Single(memory).Kind);
    }

    [Fact]
    public void Giving_all_back_empties_the_quarantine_too()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump);
        Layout layout = Checking.Bytes(64);
        void* first = memory.Allocate(layout);
        memory.Deallocate(memory.Allocate(layout), layout);
        memory.DeallocateAll();
        Assert.Equal(0u, bump.UsedBytes);
        Assert.False(memory.Owns(first));
        Assert.True(memory.Allocate(layout) == first);
        memory.Verify();
    }

    [Fact]
    public void Giving_all_back_looks_over_everything_before()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump, Checking.Collecting);
        byte* block = (byte*)memory.Allocate(Checking.Bytes(64));
        block[64] = 0;
        memory.DeallocateAll();
        Assert.Equal(ViolationKind.Overrun, Checking.Single(memory).Kind);
    }
}
