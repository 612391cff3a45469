using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Watching;

public sealed unsafe class CountingTests : IDisposable
{
    private readonly Counting<SystemHeap> _counting = new(default);

    public void Dispose() => _counting.Dispose();

    [Fact]
    public void Subtracting_two_moments_tells_what_happened_between()
    {
        void* before = Take(100);
        AllocationStatistics start = _counting.Statistics;
        void* block = Take(40);
        Give(before, 100);

        AllocationStatistics change = _counting.Statistics - start;

        AllocationStatistics expected = new()
        {
            Allocations = 1,
            Deallocations = 1,
            AllocatedBytes = 40,
            DeallocatedBytes = 100,
            CurrentBytes = -60,
            PeakBytes = 40,
        };
        Assert.Equal(expected, change);
        Assert.Equal(expected, AllocationStatistics.Subtract(_counting.Statistics, start));
        Give(block, 40);
    }

    [Fact]
    public void Reset_begins_at_0_but_keeps_what_is_in_use()
    {
        void* block = Take(100);
        Give(Take(1000), 1000);

        _counting.Reset();

        Assert.Equal(
            new AllocationStatistics { CurrentBlocks = 1, CurrentBytes = 100, PeakBytes = 100 },
            _counting.Statistics);
        Give(block, 100);
        Assert.Equal(
            new AllocationStatistics { Deallocations = 1, DeallocatedBytes = 100, PeakBytes = 100 },
            _counting.Statistics);
    }

    [Fact]
    public void ResetPeak_keeps_the_totals()
    {
        Give(Take(1000), 1000);
        Assert.Equal(1000, _counting.Statistics.PeakBytes);

        _counting.ResetPeak();

        Assert.Equal(0, _counting.Statistics.PeakBytes);
        Assert.Equal(1000, _counting.Statistics.AllocatedBytes);
        Give(Take(10), 10);
        Assert.Equal(10, _counting.Statistics.PeakBytes);
    }

    [Fact]
    public void A_failed_request_does_not_count()
    {
        Layout tooLarge = Layout.Create(Layout.MaxSize - 16, 16);
        Assert.True(_counting.Allocate(tooLarge) == null);
        Assert.True(_counting.AllocateZeroed(tooLarge) == null);
        void* block = Take(10);
        Assert.True(_counting.Reallocate(block, Layout.Create(10, 16), tooLarge.Size) == null);
        AllocationStatistics expected = new()
        {
            Allocations = 1,
            AllocatedBytes = 10,
            CurrentBlocks = 1,
            CurrentBytes = 10,
            PeakBytes = 10,
        };
        Assert.Equal(expected, _counting.Statistics);
        Give(block, 10);
    }

    [Fact]
    public void A_threshold_calls_once_after_the_block_was_taken()
    {
        List<nuint> calls = [];
        _counting.SetThreshold(100, calls.Add);

        void* first = Take(100);
        Assert.Empty(calls);
        void* second = Take(1);
        Assert.Equal([(nuint)101], calls);
        Give(Take(50), 50);
        Give(second, 1);
        Give(Take(50), 50);
        Assert.Equal([(nuint)101], calls);
        Give(first, 100);
    }

    [Fact]
    public void A_threshold_below_an_earlier_peak_calls_as_well()
    {
        Give(Take(1000), 1000);
        List<nuint> calls = [];

        _counting.SetThreshold(100, calls.Add);
        Give(Take(90), 90);
        Assert.Empty(calls);
        Give(Take(200), 200);

        Assert.Equal([(nuint)200], calls);
        Assert.Equal(1000, _counting.Statistics.PeakBytes);
    }

    [Fact]
    public void A_threshold_that_is_exceeded_already_calls_at_once()
    {
        void* block = Take(200);
        List<nuint> calls = [];
        _counting.SetThreshold(100, calls.Add);
        Assert.Equal([(nuint)200], calls);
        Give(block, 200);
    }

    [Fact]
    public void Growing_in_place_exceeds_a_threshold()
    {
        using Bump<Local> bump = new(1.MiB());
        using Counting<Bump<Local>> counting = new(bump);
        List<nuint> calls = [];
        counting.SetThreshold(100, calls.Add);
        void* block = counting.Allocate(Layout.Create(64, 16));
        Assert.True(counting.TryResize(block, Layout.Create(64, 16), 128));
        Assert.Equal([(nuint)128], calls);
    }

    [Fact]
    public void A_callback_may_allocate_and_set_the_next_threshold()
    {
        List<nuint> calls = [];
        void Exceeded(nuint bytes)
        {
            calls.Add(bytes);
            _counting.SetThreshold(bytes + 1000, calls.Add);
            Give(Take(500), 500);
        }

        _counting.SetThreshold(100, Exceeded);
        Give(Take(101), 101);
        Give(Take(2000), 2000);

        Assert.Equal([(nuint)101, (nuint)2000], calls);
    }

    [Fact]
    public void An_exception_of_a_callback_stays_inside()
    {
        _counting.SetThreshold(0, _ => throw new InvalidOperationException());
        void* block = Take(1);
        Assert.True(block != null);
        Give(block, 1);
        Assert.Equal(0, _counting.Statistics.CurrentBytes);
    }

    [Fact]
    public void A_function_is_called_with_its_context()
    {
        nuint seen = 0;
        _counting.SetThreshold(10, new ThresholdHook(&Store, &seen));
        Give(Take(11), 11);
        Assert.Equal((nuint)11, seen);

        static void Store(void* context, nuint bytes) => *(nuint*)context = bytes;
    }

    [Fact]
    public void Copies_share_the_figures()
    {
        Counting<SystemHeap> copy = _counting;
        void* block = copy.Allocate(Layout.Create(10, 16));
        Assert.Equal(1, _counting.Statistics.CurrentBlocks);
        Give(block, 10);
        Assert.Equal(0, copy.Statistics.CurrentBlocks);
    }

    [Fact]
    public void It_needs_the_size_that_its_inner_allocator_may_not()
    {
        Assert.True(Heap.Traits.HasFlag(AllocatorTraits.KnowsSize));
        Assert.Equal(Heap.Traits & ~AllocatorTraits.KnowsSize, Counting<Heap>.Traits);
        Assert.Equal(Bump<Local>.Traits, Counting<Bump<Local>>.Traits);

        Heap heap = new();
        using Counting<Heap> counting = new(heap);
        counting.Deallocate(counting.Allocate(Layout.Create(100, 16)), default);
        Assert.Equal(0, counting.Statistics.CurrentBlocks);
        Assert.Equal(100, counting.Statistics.CurrentBytes);
        heap.Dispose();
    }

    [Fact]
    public void Use_after_dispose_allocates_but_counts_nothing()
    {
        Counting<SystemHeap> gone = new(default);
        void* block = gone.Allocate(Layout.Create(8, 16));
        gone.Dispose();
        gone.Dispose();
        using Counting<SystemHeap> next = new(default);

        gone.Deallocate(block, Layout.Create(8, 16));
        block = gone.Allocate(Layout.Create(8, 16));
        block = gone.Reallocate(block, Layout.Create(8, 16), 80);
        gone.Deallocate(block, Layout.Create(80, 16));

        Assert.Equal(default, gone.Statistics);
        Assert.Equal(default, next.Statistics);
        _ = Assert.Throws<ObjectDisposedException>(() => gone.SetThreshold(1, _ => { }));
        gone.Reset();
        gone.ResetPeak();
    }

    private void* Take(int size) => _counting.Allocate(Layout.Create((nuint)size, 16));

    private void Give(void* block, int size) => _counting.Deallocate(block, Layout.Create((nuint)size, 16));
}
