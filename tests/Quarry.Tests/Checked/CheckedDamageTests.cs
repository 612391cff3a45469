using System.Linq;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>Writes outside a block, or to one that was given back.</summary>
public sealed unsafe class CheckedDamageTests
{
    public static TheoryData<int> Alignments => [.. Enumerable.Range(0, 13).Select(shift => 1 << shift)];

    [Theory]
    [MemberData(nameof(Alignments))]
    public void One_byte_behind_a_block_of_any_size_is_found_when_it_is_given_back(int alignment)
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 0 });
        for (nuint size = 0; size <= 130; size++)
        {
            Layout layout = Checking.Bytes(size, (nuint)alignment);
            byte* block = (byte*)memory.Allocate(layout);
            block[size] = 0;
            memory.Deallocate(block, layout);
            ViolationReport found = memory.Violations[^1];
            Assert.Equal(ViolationKind.Overrun, found.Kind);
            Assert.Equal((nuint)block, found.Address);
            Assert.Equal((nint)size, found.Offset);
            Assert.Equal((int)size + 1, memory.Violations.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Alignments))]
    public void One_byte_in_front_of_a_block_of_any_size_is_found(int alignment)
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 0 });
        for (nuint size = 0; size <= 130; size++)
        {
            Layout layout = Checking.Bytes(size, (nuint)alignment);
            byte* block = (byte*)memory.AllocateZeroed(layout);
            block[-1] = 0;
            memory.Deallocate(block, layout);
            ViolationReport found = memory.Violations[^1];
            Assert.Equal(ViolationKind.Underrun, found.Kind);
            Assert.Equal(-1, found.Offset);
            Assert.Equal((int)size + 1, memory.Violations.Count);
        }
    }

    [Theory]
    [InlineData(-16)]
    [InlineData(100)]
    [InlineData(115)]
    public void Damage_of_a_live_block_is_found_on_demand_and_reported_once(int offset)
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        Assert.True(memory.TryVerify());
        block[offset] ^= 1;
        Assert.False(memory.TryVerify());
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(offset < 0 ? ViolationKind.Underrun : ViolationKind.Overrun, found.Kind);
        Assert.Equal(offset, found.Offset);
        Assert.Null(found.FreedAt);
        memory.Deallocate(block, layout);
        Assert.False(memory.TryVerify());
        Assert.Single(memory.Violations);
    }

    [Fact]
    public void Damage_is_found_at_the_end()
    {
        Checked<SystemHeap> memory = new(default);
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        block[100] = 0;
        CheckedViolationException thrown =
            Assert.Throws<CheckedViolationException>(() => memory.Dispose());
        Assert.Equal(ViolationKind.Overrun, Assert.Single(thrown.Violations).Kind);
        Assert.Equal(1u, thrown.Leaks.Blocks);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-3)]
    [InlineData(105)]
    public void A_write_to_a_block_that_was_given_back_is_found_on_demand(int offset)
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        memory.Deallocate(block, layout);
        block[offset] = 1;
        Assert.False(memory.TryVerify());
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.WriteAfterFree, found.Kind);
        Assert.Equal(offset, found.Offset);
        Assert.NotNull(found.FreedAt);
    }

    [Fact]
    public void A_write_to_a_block_that_was_given_back_is_found_when_it_leaves_the_quarantine()
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { QuarantineBlocks = 2 });
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        memory.Deallocate(block, layout);
        block[50] = 1;
        memory.Deallocate(memory.Allocate(layout), layout);
        Assert.Empty(memory.Violations);
        memory.Deallocate(memory.Allocate(layout), layout);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.WriteAfterFree, found.Kind);
        Assert.Equal((nuint)block, found.Address);
        Assert.Equal(50, found.Offset);
    }

    [Fact]
    public void What_was_overrun_and_given_back_is_not_reported_again()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        block[100] = 0;
        memory.Deallocate(block, layout);
        Assert.False(memory.TryVerify());
        Assert.Equal(ViolationKind.Overrun, Checking.Single(memory).Kind);
    }

    [Fact]
    public void Every_damaged_block_is_reported()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(10);
        byte*[] blocks = new byte*[100];
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index] = (byte*)memory.Allocate(layout);
            blocks[index][10] = (byte)(index % 2 == 0 ? 0 : 0xFD);
        }

        Assert.False(memory.TryVerify());
        Assert.Equal(50, memory.Violations.Count);
        Assert.Equal(50, memory.Violations.Select(found => found.Address).Distinct().Count());
    }

    [Fact]
    public void Fresh_memory_is_filled_and_freed_memory_is_filled_otherwise()
    {
        CheckedOptions options = Checking.Collecting with { FreshByte = 1, FreedByte = 2, CanaryByte = 3 };
        using Checked<SystemHeap> memory = new(default, options);
        Layout layout = Checking.Bytes(100);
        byte* block = (byte*)memory.Allocate(layout);
        Assert.Equal(100u, FillPattern.FirstDifference(block, 100, 1));
        Assert.Equal(3, block[-1]);
        Assert.Equal(3, block[100]);
        memory.Deallocate(block, layout);
        Assert.Equal(100u, FillPattern.FirstDifference(block, 100, 2));
        block = (byte*)memory.AllocateZeroed(layout);
        Assert.Equal(100u, FillPattern.FirstDifference(block, 100, 0));
    }

    [Fact]
    public void Without_canaries_only_the_calls_are_checked()
    {
        CheckedOptions options = Checking.Collecting with { CanaryBytes = 0, QuarantineBlocks = 0 };
        using Checked<Bump<Local>> memory = new(new Bump<Local>(), options);
        Layout layout = Checking.Bytes(16);
        byte* first = (byte*)memory.Allocate(layout);
        byte* second = (byte*)memory.Allocate(layout);
        Assert.True(second == first + 16);
        memory.Deallocate(first + 1, layout);
        Assert.Equal(ViolationKind.InteriorPointer, Checking.Single(memory).Kind);
        memory.Inner.Dispose();
    }
}
