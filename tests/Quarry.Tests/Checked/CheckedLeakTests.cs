using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>Blocks that are never given back, and who took them.</summary>
public sealed unsafe class CheckedLeakTests
{
    [Fact]
    public void A_leak_is_thrown_at_the_end_and_names_who_allocated()
    {
        Checked<SystemHeap> memory = new(default);
        _ = memory.Allocate(Checking.Bytes(24));
        CheckedViolationException thrown =
            Assert.Throws<CheckedViolationException>(() => memory.Dispose());
        Assert.Empty(thrown.Violations);
        Leak leak = Assert.Single(thrown.Leaks.Leaks);
        AllocationFrame frame = leak.Site!.Frames[0];
        Assert.Equal(nameof(A_leak_is_thrown_at_the_end_and_names_who_allocated), frame.MethodName);
        Assert.Equal(typeof(CheckedLeakTests).FullName, frame.TypeName);
        Assert.EndsWith("CheckedLeakTests.cs", frame.File);
        Assert.InRange(frame.Line, 1, 30);
        Assert.Contains("1 blocks of 24 bytes", thrown.Message);
        Assert.Contains(nameof(CheckedLeakTests), thrown.Message);
    }

    [Fact]
    public void Leaks_are_grouped_by_site_with_the_largest_first()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        for (int turn = 0; turn < 5; turn++)
        {
            TakeSmall(memory);
        }

        TakeLarge(memory);
        LeakReport report = memory.GetLeaks();
        Assert.Equal(6u, report.Blocks);
        Assert.Equal(1050u, report.Bytes);
        Assert.Equal(2, report.Leaks.Count);
        Assert.Equal((1u, 1000u), (report.Leaks[0].Blocks, report.Leaks[0].Bytes));
        Assert.Equal(nameof(TakeLarge), report.Leaks[0].Site!.Frames[0].MethodName);
        Assert.Equal((5u, 50u), (report.Leaks[1].Blocks, report.Leaks[1].Bytes));
        Assert.Equal(nameof(TakeSmall), report.Leaks[1].Site!.Frames[0].MethodName);
        Assert.Contains("1000 bytes in 1 block, taken by", report.ToString());
    }

    [Fact]
    public void Without_stacks_leaks_are_counted()
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 0 });
        _ = memory.Allocate(Checking.Bytes(10));
        _ = memory.Allocate(Checking.Bytes(20));
        Leak leak = Assert.Single(memory.GetLeaks().Leaks);
        Assert.Null(leak.Site);
        Assert.Equal((2u, 30u), (leak.Blocks, leak.Bytes));
    }

    [Fact]
    public void Stacks_have_no_more_frames_than_asked_for()
    {
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 1 });
        TakeSmall(memory);
        AllocationSite site = Assert.Single(memory.GetLeaks().Leaks).Site!;
        Assert.Equal(nameof(TakeSmall), Assert.Single(site.Frames).MethodName);
    }

    [Fact]
    public void What_was_given_back_is_no_leak()
    {
        using Checked<SystemHeap> memory = new(default);
        Layout layout = Checking.Bytes(24);
        memory.Deallocate(memory.Allocate(layout), layout);
        Assert.Equal(0u, memory.GetLeaks().Blocks);
        Assert.Empty(memory.GetLeaks().Leaks);
    }

    [Fact]
    public void Where_nothing_is_given_back_there_are_no_leaks()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump);
        _ = memory.Allocate(Checking.Bytes(24));
        Assert.Equal(1u, memory.GetLeaks().Blocks);
    }

    [Fact]
    public void Looking_for_leaks_can_be_switched_off()
    {
        using Checked<SystemHeap> memory = new(default, new CheckedOptions { FindLeaks = false });
        Assert.True(memory.Allocate(Checking.Bytes(24)) != null);
    }

    [Fact]
    public void A_leaked_block_stays_usable()
    {
        Checked<SystemHeap> memory = Checking.OverSystem();
        byte* block = (byte*)memory.AllocateZeroed(Checking.Bytes(24));
        memory.Dispose();
        Assert.Equal(24u, FillPattern.FirstDifference(block, 24, 0));
    }

    [Fact]
    public void The_live_blocks_are_listed_as_far_as_there_is_room()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        void* block = memory.Allocate(Checking.Bytes(24));
        _ = memory.Allocate(Checking.Bytes(24));
        LiveBlock* live = stackalloc LiveBlock[2];
        Assert.Equal(2u, memory.CopyLiveBlocks(null, 0));
        Assert.Equal(2u, memory.CopyLiveBlocks(live, 1));
        Assert.True(live[1].Address == null);
        Assert.Equal(2u, memory.CopyLiveBlocks(live, 2));
        Assert.True(live[0].Address == block || live[1].Address == block);
        Assert.Equal(24u, live[0].Layout.Size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeSmall(Checked<SystemHeap> memory) => _ = memory.Allocate(Checking.Bytes(10));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeLarge(Checked<SystemHeap> memory) => _ = memory.Allocate(Checking.Bytes(1000));
}
