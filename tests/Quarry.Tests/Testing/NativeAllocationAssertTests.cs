using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>Assertions on native memory, and on what stays in use.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class NativeAllocationAssertTests : IDisposable
{
    private static readonly Layout s_layout = Layout.Create(100, 8);

    private readonly Counting<SystemHeap> _counting = new(default);
    private readonly MemorySource _source;
    private readonly List<object> _kept = [];
    private readonly Stack<nint> _blocks = new();
    private readonly Stack<nint> _leaked = new();

    public NativeAllocationAssertTests() => _source = MemorySource.Of(_counting, "buffers");

    public void Dispose()
    {
        while (_blocks.TryPop(out nint block))
        {
            _counting.Deallocate((void*)block, s_layout);
        }

        while (_leaked.TryPop(out nint block))
        {
            default(SystemHeap).Deallocate((void*)block, s_layout);
        }

        _counting.Dispose();
    }

    [Fact]
    public void Both_kinds_of_memory_are_counted_and_told_apart()
    {
        AllocationAssert.None(() => TakeAndGive(1));
        AllocationAssert.AtMost(300, () => TakeAndGive(3), native: _source);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.AtMost(320, () => TakeAndGive(3, new byte[10]), native: _source));
        Assert.Equal(300, failure.NativeBytes);
        Assert.Equal(40, failure.ManagedBytes);
        Assert.Contains("40 managed and 300 native bytes", failure.Message);
        Assert.Contains("buffers: 300 bytes in 3 blocks taken, 100 bytes at once", failure.Message);
        Assert.Contains("System.Byte[]", failure.Message);
    }

    [Fact]
    public void A_peak_is_of_what_is_in_use_at_once()
    {
        AllocationAssert.PeaksAt(100, () => TakeAndGive(5), _source);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.PeaksAt(99, () => TakeAndGive(5), _source));
        Assert.Equal(100, failure.NativeBytes);
        Assert.Throws<ArgumentException>(() => AllocationAssert.PeaksAt(1, () => { }));
    }

    [Fact]
    public void Blocks_left_in_use_are_a_leak()
    {
        AllocationAssert.NothingLeaks(() => TakeAndGive(2), _source);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.NothingLeaks(
                () => _blocks.Push((nint)_counting.Allocate(s_layout)), _source));
        Assert.Equal(100, failure.NativeBytes);
        Assert.Contains("100 bytes in 1 blocks left", failure.Message);
    }

    [Fact]
    public void A_leak_is_reported_with_its_method_and_line()
    {
        int line = 0;
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.NothingLeaks(
                () =>
                {
                    TakeAndGive(1);
                    line = Forget();
                },
                _source));
        string name = typeof(NativeAllocationAssertTests).FullName!;
        Assert.Contains(
            $"""
                   100 bytes  in 1 blocks, 1 left
                              in {name}.{nameof(Forget)} ({nameof(NativeAllocationAssertTests)}.cs:{line})
                              < {name}.{nameof(A_leak_is_reported_with_its_method_and_line)}
            """,
            failure.Message.ReplaceLineEndings());
        Assert.Equal([1L, 0], failure.NativeSites.Select(site => site.LeftBlocks));
        Assert.Equal(nameof(TakeAndGive), failure.NativeSites[1].Site.Frames[0].MethodName);
        Assert.False(_source.RecordsSites);
    }

    [Fact]
    public void Too_many_bytes_are_reported_with_their_sites()
    {
        AllocationAssertionException ofTotal = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.AtMost(99, () => TakeAndGive(1), native: _source));
        AllocationAssertionException ofPeak = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.PeaksAt(99, () => TakeAndGive(1), _source));
        foreach (AllocationAssertionException failure in new[] { ofTotal, ofPeak })
        {
            Assert.Equal(100, Assert.Single(failure.NativeSites).AllocatedBytes);
            Assert.Contains($".{nameof(TakeAndGive)} (", failure.Message);
        }
    }

    [Fact]
    public void A_leak_is_told_by_size_where_sizes_are_counted()
    {
        using var counting = new CountingBySize<SystemHeap>(default);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.NothingLeaks(
                () =>
                {
                    counting.Deallocate(counting.Allocate(Layout.Of<int>()), Layout.Of<int>());
                    _leaked.Push((nint)counting.Allocate(s_layout));
                },
                MemorySource.Of(counting)));
        Assert.Contains("up to 128 bytes: 1 blocks taken, 1 left", failure.Message);
        Assert.Contains("up to 4 bytes: 1 blocks taken, 0 left", failure.Message);
    }

    [Fact]
    public void Managed_objects_that_become_more_are_a_leak()
    {
        AllocationAssert.NothingLeaks(() => _ = new byte[1000].Length);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.NothingLeaks(() => _kept.Add(new byte[1000])));
        Assert.InRange(failure.ManagedBytes, 1000, 1300);
        Assert.Contains(failure.Sites, site => site.TypeName == "System.Byte[]" && site.Frames.Any(
            frame => frame.Contains(nameof(Managed_objects_that_become_more_are_a_leak))));
    }

    [Fact]
    public void A_leak_is_found_although_other_objects_die_meanwhile()
    {
        object? other = new byte[100_000];
        int runs = 0;
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.NothingLeaks(() =>
            {
                _kept.Add(new byte[1000]);
                other = ++runs < 10 ? other : null;
            }));
        Assert.InRange(failure.ManagedBytes, 1000, 1300);
    }

    [Fact]
    public void What_is_kept_once_is_no_leak()
    {
        object? cached = null;
        AllocationAssert.NothingLeaks(() => _ = (cached ??= new byte[1000], new object()));
        Assert.NotNull(cached);
    }

    /// <returns>The line that allocates.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Forget()
    {
        int line = Here() + 1;
        _blocks.Push((nint)_counting.Allocate(s_layout));
        return line;
    }

    private static int Here([CallerLineNumber] int line = 0) => line;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeAndGive(int count, object? kept = null)
    {
        for (int index = 0; index < count; index++)
        {
            _counting.Deallocate(_counting.Allocate(s_layout), s_layout);
        }

        GC.KeepAlive(kept);
    }
}
