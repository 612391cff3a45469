using System;
using System.Threading;
using Quarry.Tests.Testing;
using Xunit;

namespace Quarry.Tests.Measurement;

/// <summary>What a section of code takes is counted, each kind of memory by itself.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class MemorySectionTests
{
    private const int ArrayOverhead = 24;

    private static object? s_kept;

    [Fact]
    public void Managed_bytes_of_the_thread_are_exact()
    {
        // The runtime allocates the statics of a class at its first access to one.
        s_kept = MemorySection.Start().Stop();
        MemorySection section = MemorySection.Start();
        s_kept = new byte[1000];
        MemoryStatistics use = section.Stop();

        Assert.True(use.IsOfThread);
        Assert.Equal(1000 + ArrayOverhead, use.ManagedBytes);
        Assert.Empty(use.Native);
    }

    [Fact]
    public void Other_threads_count_only_in_a_section_of_the_process()
    {
        MemorySection ofThread = MemorySection.Start();
        MemorySection ofProcess = MemorySection.StartProcess();
        var other = new Thread(() => s_kept = new byte[1_000_000]);
        other.Start();
        other.Join();

        Assert.InRange(ofProcess.Stop().ManagedBytes, 1_000_000, long.MaxValue);
        Assert.InRange(ofThread.Stop().ManagedBytes, 0, 100_000);
    }

    [Fact]
    public void Native_bytes_are_exact_with_their_peak_and_what_is_left()
    {
        using var counting = new Counting<SystemHeap>(default);
        void* before = counting.Allocate(Layout.Create(500, 8));
        MemorySection section = MemorySection.Start(MemorySource.Of(counting));
        void* first = counting.Allocate(Layout.Create(100, 8));
        void* second = counting.Allocate(Layout.Create(50, 8));
        counting.Deallocate(first, Layout.Create(100, 8));
        NativeStatistics use = Assert.Single(section.Stop().Native);

        Assert.Equal("SystemHeap", use.Name);
        Assert.True(use.IsExact);
        Assert.Equal(2, use.Statistics.Allocations);
        Assert.Equal(150, use.Statistics.AllocatedBytes);
        Assert.Equal(150, use.PeakBytes);
        Assert.Equal(50, use.LeftBytes);
        counting.Deallocate(second, Layout.Create(50, 8));
        counting.Deallocate(before, Layout.Create(500, 8));
    }

    [Fact]
    public void Sections_that_nest_have_a_peak_each()
    {
        using var counting = new Counting<SystemHeap>(default);
        MemorySource source = MemorySource.Of(counting);
        MemorySection outer = MemorySection.Start(source);
        TakeAndGive(counting, 1000);
        MemorySection inner = MemorySection.Start(source);
        TakeAndGive(counting, 10);
        long innerPeak = inner.Stop().Native[0].PeakBytes;
        TakeAndGive(counting, 100);

        Assert.Equal(10, innerPeak);
        Assert.Equal(1000, outer.Stop().Native[0].PeakBytes);
    }

    [Fact]
    public void An_inner_section_gives_its_peak_to_the_outer_one()
    {
        using var counting = new Counting<SystemHeap>(default);
        MemorySource source = MemorySource.Of(counting);
        MemorySection outer = MemorySection.Start(source);
        using (MemorySection.Start(source))
        {
            TakeAndGive(counting, 1000);
        }

        Assert.Equal(1000, outer.Stop().Native[0].PeakBytes);
    }

    [Fact]
    public void A_heap_is_a_source_that_says_it_rounds()
    {
        Heap heap = new();
        MemorySection section = MemorySection.Start(MemorySource.Of(heap));
        void* block = heap.Allocate(Layout.Create(1000, 8));
        NativeStatistics use = Assert.Single(section.Stop().Native);

        Assert.False(use.IsExact);
        Assert.Equal(1, use.Statistics.Allocations);
        Assert.InRange(use.LeftBytes, 1000, 1300);
        Assert.InRange(use.PeakBytes, 1000, 1 << 20);
        heap.Deallocate(block, default);
        heap.Dispose();
    }

    [Fact]
    public void The_peak_of_the_managed_heap_shows_what_collections_have_freed()
    {
        const int Bytes = 64 << 20;
        GC.Collect();
        MemorySection section = MemorySection.Start();
        s_kept = new byte[Bytes];
        s_kept = null;
        GC.Collect();
        MemoryStatistics use = section.Stop();

        Assert.InRange(use.ManagedHeapPeakBytes, Bytes, long.MaxValue);
        Assert.InRange(use.Collections, 1, int.MaxValue);
    }

    [Fact]
    public void A_section_of_a_thread_ends_on_it()
    {
        MemorySection section = MemorySection.Start();
        Exception? thrown = null;
        var other = new Thread(() => thrown = Record.Exception(() => section.Stop()));
        other.Start();
        other.Join();

        Assert.IsType<InvalidOperationException>(thrown);
        Assert.Equal(section.Stop().ManagedBytes, section.Stop().ManagedBytes);
        Assert.Throws<InvalidOperationException>(() => default(MemorySection).Stop());
        default(MemorySection).Dispose();
    }

    [Fact]
    public void Nothing_is_added_to_what_is_measured() => Assert.All(new int[10], _ =>
    {
        MemorySection section = MemorySection.Start();
        Assert.Equal(0, section.Stop().ManagedBytes);
    });

    [Fact]
    public void The_report_says_what_is_exact()
    {
        using var counting = new Counting<SystemHeap>(default);
        MemorySection section = MemorySection.Start(MemorySource.Of(counting, "parser"));
        TakeAndGive(counting, 1234);
        string report = section.Stop().ToString();

        Assert.Contains("managed bytes allocated by this thread, exact", report);
        Assert.Contains("1,234  parser: bytes in 1 blocks, exact", report);
    }

    private static void TakeAndGive(Counting<SystemHeap> counting, nuint size)
    {
        void* block = counting.Allocate(Layout.Create(size, 8));
        counting.Deallocate(block, Layout.Create(size, 8));
    }
}
