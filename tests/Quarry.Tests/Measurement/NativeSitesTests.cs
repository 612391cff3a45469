using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Quarry.Tests.Testing;
using Xunit;

namespace Quarry.Tests.Measurement;

/// <summary>A section over a source that records sites names the methods and lines that allocated.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class NativeSitesTests : IDisposable
{
    private static readonly Layout s_small = Layout.Create(100, 8), s_large = Layout.Create(500, 8);

    private readonly Counting<SystemHeap> _counting = new(default);
    private readonly MemorySource _source;

    public NativeSitesTests() => _source = MemorySource.Of(_counting, "parser");

    public void Dispose() => _counting.Dispose();

    [Fact]
    public void Sites_have_the_method_the_line_and_exact_figures()
    {
        _source.RecordsSites = true;
        MemorySection section = MemorySection.Start(_source);
        List<nint> kept = [Small(_counting, out int smallLine)];
        for (int count = 0; count < 3; count++)
        {
            nint block = Large(_counting, out _);
            _counting.Deallocate((void*)block, s_large);
        }

        kept.Add(Large(_counting, out int largeLine));
        NativeStatistics use = Assert.Single(section.Stop().Native);
        _counting.Deallocate((void*)kept[0], s_small);
        _counting.Deallocate((void*)kept[1], s_large);

        // The call in the loop and the one behind it are two sites.
        Assert.Equal(
            [
                (nameof(Large), 1, 500L, 1, 500L),
                (nameof(Small), 1, 100, 1, 100),
                (nameof(Large), 3, 1500, 0, 0),
            ],
            use.Sites.Select(site => (
                site.Site.Frames[0].MethodName!, (int)site.Allocations, site.AllocatedBytes,
                (int)site.LeftBlocks, site.LeftBytes)));
        Assert.Equal([largeLine, smallLine, largeLine], use.Sites.Select(site => site.Site.Frames[0].Line));
        Assert.All(use.Sites, site => Assert.Equal(
            (typeof(NativeSitesTests).FullName, nameof(Sites_have_the_method_the_line_and_exact_figures)),
            (site.Site.Frames[0].TypeName, site.Site.Frames[1].MethodName)));
        Assert.All(use.Sites, site => Assert.Equal(
            $"{nameof(NativeSitesTests)}.cs", Path.GetFileName(site.Site.Frames[0].File)));
    }

    [Fact]
    public void The_report_lists_sites()
    {
        _source.RecordsSites = true;
        MemorySection section = MemorySection.Start(_source);
        nint block = Small(_counting, out _);
        string report = section.Stop().ToString();
        _counting.Deallocate((void*)block, s_small);
        Assert.Contains(
            $"100  parser: in 1 blocks, 100 bytes in 1 left, at {typeof(NativeSitesTests)}.{nameof(Small)}(",
            report);
    }

    [Fact]
    public void Nothing_is_recorded_unless_it_is_asked_for()
    {
        MemorySection section = MemorySection.Start(_source);
        _counting.Deallocate((void*)Small(_counting, out _), s_small);
        Assert.Empty(Assert.Single(section.Stop().Native).Sites);
    }

    [Fact]
    public void A_heap_has_sites_too()
    {
        using Heap heap = new();
        heap.Deallocate(heap.Allocate(s_small), s_small);
        MemorySource source = MemorySource.Of(heap);
        source.RecordsSites = true;
        MemorySection section = MemorySection.Start(source);
        void* first = Of(heap);
        heap.Deallocate(Of(heap), s_small);
        first = heap.Reallocate(first, s_small, 10_000);
        NativeStatistics use = Assert.Single(section.Stop().Native);
        heap.Deallocate(heap.Allocate(s_small), s_small);

        Assert.All(use.Sites, site => Assert.Equal(nameof(Of), site.Site.Frames[0].MethodName));
        Assert.Equal(2, use.Sites.Sum(site => site.Allocations));
        Assert.Equal(10_100, use.Sites.Sum(site => site.AllocatedBytes));
        Assert.Equal(10_000, use.Sites.Sum(site => site.LeftBytes));
        heap.Deallocate(first, default);
    }

    [Fact]
    public void Resized_blocks_stay_with_the_stack_that_allocated_them()
    {
        _source.RecordsSites = true;
        MemorySection section = MemorySection.Start(_source);
        void* block = (void*)Small(_counting, out _);
        block = _counting.Reallocate(block, s_small, 50_000);
        NativeStatistics use = Assert.Single(section.Stop().Native);
        _counting.Deallocate(block, Layout.Create(50_000, 8));

        NativeSite site = Assert.Single(use.Sites);
        Assert.Equal(nameof(Small), site.Site.Frames[0].MethodName);
        Assert.Equal((1, 50_000, 1, 50_000),
            (site.Allocations, site.AllocatedBytes, site.LeftBlocks, site.LeftBytes));
    }

    [Fact]
    public void Freeing_everything_leaves_nothing()
    {
        using Bump<Local> bump = new(1.MiB());
        using Counting<Bump<Local>> counting = new(bump);
        MemorySource source = MemorySource.Of(counting);
        source.RecordsSites = true;
        MemorySection section = MemorySection.Start(source);
        _ = counting.Allocate(s_small);
        counting.DeallocateAll();
        NativeSite site = Assert.Single(Assert.Single(section.Stop().Native).Sites);
        Assert.Equal((1, 0), (site.Allocations, site.LeftBlocks));
    }

    [Fact]
    public void Sections_that_nest_have_sites_of_their_own()
    {
        _source.RecordsSites = true;
        MemorySection outer = MemorySection.Start(_source);
        nint first = Small(_counting, out _);
        MemorySection inner = MemorySection.Start(_source);
        nint second = Large(_counting, out _);
        NativeSite ofInner = Assert.Single(inner.Stop().Native[0].Sites);
        _counting.Deallocate((void*)first, s_small);
        IReadOnlyList<NativeSite> ofOuter = outer.Stop().Native[0].Sites;
        _counting.Deallocate((void*)second, s_large);

        Assert.Equal(500, ofInner.LeftBytes);
        Assert.Equal([500, 0], ofOuter.Select(site => site.LeftBytes));
    }

    [Fact]
    public void Recording_is_not_counted_as_managed_memory_of_the_section()
    {
        _source.RecordsSites = true;
        for (int round = 0; round < 3; round++)
        {
            MemorySection section = MemorySection.Start(_source);
            _counting.Deallocate((void*)Small(_counting, out _), s_small);
            long managed = section.Stop().ManagedBytes;
            Assert.True(round == 0 || managed == 0, $"{managed} bytes in round {round}");
        }
    }

    [Fact]
    public void Figures_stay_exact_while_threads_allocate_and_recording_comes_and_goes()
    {
        const int Threads = 3, Blocks = 2000;
        int running = Threads;
        Thread[] threads = new Thread[Threads];
        for (int index = 0; index < Threads; index++)
        {
            threads[index] = new Thread(() =>
            {
                for (int block = 0; block < Blocks; block++)
                {
                    _counting.Deallocate((void*)Small(_counting, out _), s_small);
                }

                _ = Interlocked.Decrement(ref running);
            });
            threads[index].Start();
        }

        while (Volatile.Read(ref running) > 0)
        {
            _source.RecordsSites ^= true;
            using MemorySection section = MemorySection.StartProcess(_source);
            Assert.All(section.Stop().Native[0].Sites, site => Assert.Contains(
                site.Site.Frames, frame => frame.MethodName == nameof(Small)));
        }

        Array.ForEach(threads, thread => thread.Join());
        AllocationStatistics statistics = _counting.Statistics;
        Assert.Equal(Threads * Blocks, statistics.Allocations);
        Assert.Equal(Threads * Blocks, statistics.Deallocations);
        Assert.Equal((0, 0), (statistics.CurrentBlocks, statistics.CurrentBytes));
        Assert.Equal(Threads * Blocks * 100, statistics.AllocatedBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static nint Small(Counting<SystemHeap> counting, out int line)
    {
        line = Here() + 1;
        return (nint)counting.Allocate(s_small);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Large(Counting<SystemHeap> counting, out int line)
    {
        line = Here() + 1;
        return (nint)counting.Allocate(s_large);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* Of(Heap heap) => heap.Allocate(s_small);

    private static int Here([CallerLineNumber] int line = 0) => line;
}
