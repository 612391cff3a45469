using System;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>The meter, as a listener in the process sees it.</summary>
[Collection(nameof(TelemetryGroup))]
public sealed unsafe class MeterTests
{
    private static readonly Layout s_layout = Layout.Create(1024, 16);

    [Fact]
    public void The_figures_of_two_heaps_are_those_of_their_statistics()
    {
        using Heap one = new(), other = new();
        using IDisposable first = QuarryTelemetry.Register("one", one);
        using IDisposable second = QuarryTelemetry.Register("other", other);
        void*[] blocks = [one.Allocate(s_layout), one.Allocate(s_layout), one.Allocate(s_layout)];
        one.Deallocate(blocks[0], s_layout);
        _ = other.Allocate(Layout.Create(1 << 20, 16));

        MeterReading reading = MeterReading.Take();
        Assert.Equal(3, reading.Of("one", "allocations"));
        Assert.Equal(1, reading.Of("one", "frees"));
        Assert.Equal(1, reading.Of("other", "allocations"));
        Assert.Equal(0, reading.Of("other", "frees"));
        Assert.Equal(2 * 1024, reading.Of("one", "in_use"));
        AssertSame(one.GetStatistics(), reading, "one");
        AssertSame(other.GetStatistics(), reading, "other");

        // The next collection reads again.
        one.Deallocate(blocks[1], s_layout);
        Assert.Equal(2, MeterReading.Take().Of("one", "frees"));
    }

    [Fact]
    public void The_instruments_have_their_kinds_and_units()
    {
        using Heap heap = new();
        using IDisposable registration = QuarryTelemetry.Register("kinds", heap);
        Assert.Equal(
            [
                "quarry.heap.allocated ObservableCounter By",
                "quarry.heap.allocations ObservableCounter {allocation}",
                "quarry.heap.committed ObservableUpDownCounter By",
                "quarry.heap.frees ObservableCounter {allocation}",
                "quarry.heap.in_use ObservableUpDownCounter By",
                "quarry.heap.peak ObservableUpDownCounter By",
                "quarry.heap.resident ObservableUpDownCounter By",
            ],
            MeterReading.Take().Instruments.Values
                .Select(one => $"{one.Name} {one.GetType().Name.Split('`')[0]} {one.Unit}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_counted_allocator_has_exact_figures_and_no_pages()
    {
        using Counting<SystemHeap> counting = new(default);
        using IDisposable registration = QuarryTelemetry.Register("counted", counting);
        void* block = counting.Allocate(Layout.Create(100, 8));
        counting.Deallocate(counting.Allocate(Layout.Create(50, 8)), Layout.Create(50, 8));

        MeterReading reading = MeterReading.Take();
        Assert.Equal(100, reading.Of("counted", "in_use"));
        Assert.Equal(150, reading.Of("counted", "peak"));
        Assert.Equal(150, reading.Of("counted", "allocated"));
        Assert.Equal(2, reading.Of("counted", "allocations"));
        Assert.Equal(1, reading.Of("counted", "frees"));
        Assert.Null(reading.Of("counted", "committed"));
        Assert.Null(reading.Of("counted", "resident"));
        counting.Deallocate(block, Layout.Create(100, 8));
    }

    [Fact]
    public void A_disposed_registration_ends_and_frees_its_name()
    {
        using Heap heap = new();
        QuarryTelemetry.Register("ended", heap).Dispose();
        Assert.Null(MeterReading.Take().Of("ended", "in_use"));

        IDisposable again = QuarryTelemetry.Register("ended", heap);
        Assert.NotNull(MeterReading.Take().Of("ended", "in_use"));
        again.Dispose();
        again.Dispose();
        Assert.Null(MeterReading.Take().Of("ended", "in_use"));
    }

    [Fact]
    public void A_disposed_allocator_is_dropped_and_frees_its_name()
    {
        Heap heap = new();
        Counting<SystemHeap> counting = new(default);
        using IDisposable first = QuarryTelemetry.Register("gone", heap);
        using IDisposable second = QuarryTelemetry.Register("uncounted", counting);
        heap.Dispose();
        counting.Dispose();

        using Heap next = new();
        using IDisposable third = QuarryTelemetry.Register("gone", next);
        MeterReading reading = MeterReading.Take();
        Assert.Equal(0, reading.Of("gone", "allocations"));
        Assert.Null(reading.Of("uncounted", "in_use"));
    }

    [Fact]
    public void A_heap_can_be_disposed_while_it_is_observed()
    {
        bool isOver = false;
        Thread observer = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                _ = MeterReading.Take();
            }
        });
        observer.Start();
        for (int round = 0; round < 300; round++)
        {
            Heap heap = new();
            _ = QuarryTelemetry.Register("brief", heap);
            _ = heap.Allocate(s_layout);
            heap.Dispose();
        }

        Volatile.Write(ref isOver, true);
        observer.Join();
        Assert.Null(MeterReading.Take().Of("brief", "in_use"));
    }

    [Fact]
    public void An_observer_takes_no_part_in_the_heap()
    {
        using Heap heap = new();
        using IDisposable registration = QuarryTelemetry.Register("unattended", heap);
        _ = heap.Allocate(s_layout);
        Thread observer = new(() => Assert.Equal(1, MeterReading.Take().Of("unattended", "allocations")));
        observer.Start();
        observer.Join();
        Assert.Equal(1u, heap.GetStatistics().Threads);
    }

    [Fact]
    public void A_name_is_there_and_free()
    {
        using Heap heap = new();
        using IDisposable registration = QuarryTelemetry.Register("taken", heap);
        Assert.Contains("'taken'", Assert.Throws<ArgumentException>(
            () => QuarryTelemetry.Register("taken", heap)).Message, StringComparison.Ordinal);
        Assert.Contains("reserved", Assert.Throws<ArgumentException>(
            () => QuarryTelemetry.Register("malloc", heap)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => QuarryTelemetry.Register(" ", heap));
        Assert.Throws<ObjectDisposedException>(() => QuarryTelemetry.Register("none", default(Heap)));
        Assert.Throws<ObjectDisposedException>(
            () => QuarryTelemetry.Register("none", default(Counting<SystemHeap>)));
    }

    private static void AssertSame(HeapStatistics heap, MeterReading reading, string name)
    {
        Assert.Equal((long)heap.InUseBytes, reading.Of(name, "in_use"));
        Assert.Equal((long)heap.CommittedBytes, reading.Of(name, "committed"));
        Assert.Equal((long)heap.ResidentBytes, reading.Of(name, "resident"));
        Assert.Equal((long)heap.PeakBytes, reading.Of(name, "peak"));
        Assert.Equal((long)heap.RequestedBytes, reading.Of(name, "allocated"));
    }
}
