using System;
using System.Collections.Generic;
using System.Linq;
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

    public NativeAllocationAssertTests() => _source = MemorySource.Of(_counting, "buffers");

    public void Dispose()
    {
        while (_blocks.TryPop(out nint block))
        {
            _counting.Deallocate((void*)block, s_layout);
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
            () => AllocationAssert.NothingLeaks(() => _blocks.Push((nint)_counting.Allocate(s_layout)), _source));
        Assert.Equal(100, failure.NativeBytes);
        Assert.Contains("100 bytes in 1 blocks left", failure.Message);
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
    public void What_is_kept_once_is_no_leak()
    {
        object? cached = null;
        AllocationAssert.NothingLeaks(() => _ = (cached ??= new byte[1000], new object()));
        Assert.NotNull(cached);
    }

    private void TakeAndGive(int count, object? kept = null)
    {
        for (int index = 0; index < count; index++)
        {
            _counting.Deallocate(_counting.Allocate(s_layout), s_layout);
        }

        GC.KeepAlive(kept);
    }
}
