using System;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>Blocks on pages of their own: the hardware finds wrong accesses.</summary>
public sealed unsafe class CheckedGuardPagesTests
{
    private static CheckedOptions Options => Checking.Collecting with { GuardPages = true, StackFrames = 0 };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(100, 16)]
    [InlineData(4096, 1)]
    [InlineData(4097, 8)]
    [InlineData(100_000, 4096)]
    [InlineData(100, 65_536)]
    [InlineData(1_000_000, 1 << 21)]
    public void A_block_ends_where_its_alignment_allows(int size, int alignment)
    {
        using Checked<Null> memory = new(default, Options);
        Layout layout = Checking.Bytes((nuint)size, (nuint)alignment);
        byte* block = (byte*)memory.AllocateZeroed(layout);
        nuint end = (nuint)block + layout.Size;
        nuint guard = (end + 4095) & ~(nuint)4095;
        Assert.Equal(0u, (nuint)block % layout.Alignment);
        Assert.True(guard - end < (nuint)Math.Min(alignment, 4096));
        Assert.Equal(layout.Size, FillPattern.FirstDifference(block, layout.Size, 0));
        memory.Deallocate(block, layout);
        Assert.Empty(memory.Violations);
    }

    [Fact]
    public void What_no_page_can_catch_canaries_do()
    {
        using Checked<Null> memory = new(default, Options);
        Layout layout = Checking.Bytes(100, 16);
        byte* block = (byte*)memory.Allocate(layout);
        block[100] = 0;
        block[-1] = 0;
        memory.Deallocate(block, layout);
        Assert.Equal(ViolationKind.Underrun, Checking.Single(memory).Kind);
    }

    [Fact]
    public void More_than_there_is_yields_null()
    {
        using Checked<Null> memory = new(default, Options);
        Assert.True(memory.Allocate(Checking.Bytes(Layout.MaxSize, 1)) == null);
        Assert.True(memory.Allocate(Checking.Bytes(1, (nuint)1 << 62)) == null);
        Assert.True(memory.Allocate(Checking.Bytes((nuint)1 << 50, 1)) == null);
    }

    [Theory]
    [InlineData("read behind")]
    [InlineData("write far in front")]
    [InlineData("read after free")]
    public void A_wrong_access_stops_the_program_there(string access)
    {
        Outcome outcome = GuardedProcess.Run(access);
        Assert.True(GuardedProcess.IsFault(outcome.ExitCode), $"{outcome.ExitCode}: {outcome}");
        Assert.Contains("before the access", outcome.Output);
        Assert.DoesNotContain("behind the access", outcome.Output);
    }

    [Fact]
    public void A_right_access_does_not()
    {
        Outcome outcome = GuardedProcess.Run("within").ExpectSuccess();
        Assert.Contains("behind the access", outcome.Output);
    }

    [Fact]
    public void Pages_around_and_of_freed_blocks_are_inaccessible_however_often_addresses_are_reserved()
    {
        using Checked<Null> memory = new(default, Options with { QuarantineBlocks = 2 });
        Layout layout = Checking.Bytes(Os.PageSize);
        for (int round = 0; round < 500; round++)
        {
            byte* block = (byte*)memory.Allocate(layout);
            block[0] = 1;
            Assert.False(Os.IsReadable(block - Os.PageSize) || Os.IsReadable(block + Os.PageSize));
            memory.Deallocate(block, layout);
            Assert.False(Os.IsReadable(block) || ReadableMemory.Contains(block));
        }
    }

    [Fact]
    public void Many_blocks_live_and_go()
    {
        using Checked<Null> memory = new(default, Options with { QuarantineBlocks = 100 });
        nuint[] blocks = new nuint[1000];
        Layout layout = Checking.Bytes(50);
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index] = (nuint)memory.Allocate(layout);
        }

        Assert.Equal(blocks.Length, blocks.Distinct().Count());
        foreach (nuint block in blocks)
        {
            memory.Deallocate((void*)block, layout);
        }

        Assert.True(memory.TryVerify());
        Assert.Equal(0u, memory.GetLeaks().Blocks);
    }
}
