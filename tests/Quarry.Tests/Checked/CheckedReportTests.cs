using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>How violations come to those who want to know.</summary>
public sealed unsafe class CheckedReportTests
{
    [Fact]
    public void An_event_tells_at_once_and_may_use_the_allocator()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        List<ViolationKind> kinds = [];
        Layout layout = Checking.Bytes(8);
        memory.ViolationFound += found =>
        {
            kinds.Add(found.Kind);
            memory.Deallocate(memory.Allocate(layout), layout);
        };
        void* block = memory.Allocate(layout);
        memory.Deallocate((byte*)block + 1, layout);
        Assert.Equal([ViolationKind.InteriorPointer], kinds);
        memory.Deallocate(block, Checking.Bytes(9));
        Assert.Equal([ViolationKind.InteriorPointer, ViolationKind.LayoutMismatch], kinds);
    }

    [Fact]
    public void A_function_is_told_at_once()
    {
        CheckedViolation last = default;
        CheckedOptions options = Checking.Collecting with { OnViolation = new ViolationHook(&Keep, &last) };
        using Checked<SystemHeap> memory = new(default, options);
        memory.Deallocate(&last, Checking.Bytes(8));
        Assert.Equal(ViolationKind.ForeignPointer, last.Kind);
        Assert.True(last.Address == &last);
        Assert.Equal(ViolationKind.ForeignPointer, Checking.Single(memory).Kind);
    }

    [Fact]
    public void Verify_throws_what_no_exception_told_of_yet()
    {
        Checked<SystemHeap> memory = new(default);
        Layout layout = Checking.Bytes(8);
        memory.Verify();
        void* block = memory.Allocate(layout);
        memory.Deallocate((byte*)block + 1, layout);
        memory.Deallocate((byte*)block + 2, layout);
        CheckedViolationException thrown = Assert.Throws<CheckedViolationException>(memory.Verify);
        Assert.Equal(2, thrown.Violations.Count);
        Assert.Equal(0u, thrown.Leaks.Blocks);
        memory.Verify();
        memory.Deallocate((byte*)block + 3, layout);
        memory.Deallocate(block, layout);
        thrown = Assert.Throws<CheckedViolationException>(memory.Dispose);
        Assert.Equal(3, Assert.Single(thrown.Violations).Offset);
        memory.Dispose();
    }

    [Fact]
    public void A_report_tells_the_stacks_of_all_who_are_involved()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        void* block = Take(memory);
        Give(memory, block);
        GiveAgain(memory, block);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(nameof(Take), found.AllocatedAt!.Frames[0].MethodName);
        Assert.Equal(nameof(Give), found.FreedAt!.Frames[0].MethodName);
        Assert.Equal(nameof(GiveAgain), found.DetectedAt!.Frames[0].MethodName);
        Assert.Equal(
            nameof(A_report_tells_the_stacks_of_all_who_are_involved), found.DetectedAt.Frames[1].MethodName);
        string text = found.ToString();
        Assert.StartsWith("DoubleFree: the block of 24 bytes aligned to 8, at 0x", text);
        Assert.Matches(@"(?s)found by.*GiveAgain\(.*given back by.*Give\(.*taken by.*Take\(", text);
    }

    [Theory]
    [InlineData(ViolationKind.LayoutMismatch, "named as one of 8 bytes aligned to 4")]
    [InlineData(ViolationKind.ForeignPointer, "0x1000 is in no block")]
    [InlineData(ViolationKind.InteriorPointer, "-5 bytes from the start of the block of 24 bytes")]
    [InlineData(ViolationKind.Underrun, "wrote 5 bytes in front of the block")]
    [InlineData(ViolationKind.Overrun, "wrote at offset -5 of the block")]
    [InlineData(ViolationKind.WriteAfterFree, "wrote at offset -5")]
    [InlineData(ViolationKind.DuplicateAllocation, "served again")]
    public void Each_kind_has_its_sentence(ViolationKind kind, string expected)
    {
        CheckedViolation violation = new()
        {
            Kind = kind,
            Address = (void*)0x1000,
            Layout = Checking.Bytes(24),
            SpecifiedLayout = Checking.Bytes(8, 4),
            Offset = -5,
        };
        ViolationReport report = new(violation);
        Assert.StartsWith($"{kind}: ", report.Summary);
        Assert.Contains(expected, report.Summary);
        Assert.Equal(report.Summary, report.ToString());
    }

    [Fact]
    public void After_disposal_nothing_is_served_and_nothing_crashes()
    {
        Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(8);
        void* block = memory.Allocate(layout);
        memory.Dispose();
        memory.Dispose();
        Assert.True(memory.Allocate(layout) == null);
        Assert.True(memory.AllocateZeroed(layout) == null);
        Assert.True(memory.Reallocate(block, layout, 16) == null);
        Assert.True(memory.Reallocate(null, layout, 16) == null);
        memory.Deallocate(block, layout);
        memory.DeallocateAll();
        Assert.False(memory.Owns(block));
        Assert.Equal(0u, memory.UsableSize(block, layout));
        Assert.True(memory.TryVerify());
        Assert.Equal(0u, memory.CopyLiveBlocks(null, 0));
        Assert.Throws<ObjectDisposedException>(memory.Verify);
        Assert.Throws<ObjectDisposedException>(() => memory.Violations);
        Assert.Throws<ObjectDisposedException>(() => memory.GetLeaks());
        Assert.Throws<ObjectDisposedException>(() => default(Checked<SystemHeap>).Violations);
        default(SystemHeap).Deallocate((byte*)block - 16, Checking.Bytes(40));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(CheckedOptions.MaxCanaryBytes + 1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, CheckedOptions.MaxStackFrames + 1)]
    public void Options_out_of_range_are_refused(int canaryBytes, int stackFrames)
    {
        CheckedOptions options = new() { CanaryBytes = canaryBytes, StackFrames = stackFrames };
        Assert.False(Checked<SystemHeap>.TryCreate(default, options, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checked<SystemHeap>(default, options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CheckedOptions.MaxCanaryBytes)]
    public void Canaries_of_any_length_do(int bytes)
    {
        using Checked<SystemHeap> memory = new(default, new CheckedOptions { CanaryBytes = bytes });
        Layout layout = Checking.Bytes(100, 64);
        void* block = memory.Allocate(layout);
        Assert.Equal(0u, (nuint)block % 64);
        memory.Deallocate(block, layout);
    }

    private static void Keep(void* last, CheckedViolation* violation) =>
        *(CheckedViolation*)last = *violation;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* Take(Checked<SystemHeap> memory) => memory.Allocate(Checking.Bytes(24));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Give(Checked<SystemHeap> memory, void* block) =>
        memory.Deallocate(block, Checking.Bytes(24));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GiveAgain(Checked<SystemHeap> memory, void* block) =>
        memory.Deallocate(block, Checking.Bytes(24));
}
