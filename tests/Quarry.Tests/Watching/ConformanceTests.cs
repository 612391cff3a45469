using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Watching;

/// <summary>What every allocator promises, by those that watch one.</summary>
public sealed class ConformanceTests
{
    private static ConformanceOptions BumpOptions => new() { Capacity = Bump<Local>.DefaultSize };

    [Fact]
    public void Counting_conforms_over_a_heap() => Verify(
        () => new Heap(),
        heap => new Counting<Heap>(heap),
        counting => counting.Dispose(),
        heap => heap.Dispose());

    [Fact]
    public void Counting_conforms_over_the_system() => Verify(
        () => default(SystemHeap),
        system => new Counting<SystemHeap>(system),
        counting => counting.Dispose());

    [Fact]
    public void Counting_conforms_over_an_allocator_of_one_thread() => Verify(
        () => new Bump<Local>(),
        bump => new Counting<Bump<Local>>(bump),
        counting => counting.Dispose(),
        bump => bump.Dispose(),
        BumpOptions);

    [Fact]
    public void CountingBySize_conforms_over_a_heap() => Verify(
        () => new Heap(),
        heap => new CountingBySize<Heap>(heap),
        counting => counting.Dispose(),
        heap => heap.Dispose());

    [Fact]
    public void CountingBySize_conforms_over_the_system() => Verify(
        () => default(SystemHeap),
        system => new CountingBySize<SystemHeap>(system),
        counting => counting.Dispose());

    [Fact]
    public void CountingBySize_conforms_over_an_allocator_of_one_thread() => Verify(
        () => new Bump<Local>(),
        bump => new CountingBySize<Bump<Local>>(bump),
        counting => counting.Dispose(),
        bump => bump.Dispose(),
        BumpOptions);

    [Fact]
    public void Tracing_conforms_over_a_heap()
    {
        using TraceRing ring = new(1024);
        Verify(() => new Heap(), heap => new Tracing<Heap>(heap, ring), disposeInner: heap => heap.Dispose());
    }

    [Fact]
    public void Tracing_conforms_over_the_system()
    {
        using TraceRing ring = new(1024, TraceOverflow.DropNewest);
        Verify(() => default(SystemHeap), system => new Tracing<SystemHeap>(system, ring));
    }

    [Fact]
    public void Tracing_by_lines_conforms_over_an_allocator_of_one_thread()
    {
        using SafeFileHandle nowhere = File.OpenHandle("/dev/null", access: FileAccess.Write);
        Verify(
            () => new Bump<Local>(),
            bump => new Tracing<Bump<Local>>(bump, (int)nowhere.DangerousGetHandle()),
            disposeInner: bump => bump.Dispose(),
            options: BumpOptions);
    }

    [Fact]
    public void Tracked_conforms_over_a_heap() => Verify(
        () => new Heap(),
        heap => new Tracked<Heap>(heap, new TableTracker()),
        tracked => tracked.Dispose(),
        heap => heap.Dispose());

    [Fact]
    public void Tracked_conforms_over_the_system() => Verify(
        () => default(SystemHeap),
        system => new Tracked<SystemHeap>(system, new TableTracker()),
        tracked => tracked.Dispose());

    [Fact]
    public void Tracked_conforms_over_an_allocator_of_one_thread() => Verify(
        () => new Bump<Local>(),
        bump => new Tracked<Bump<Local>>(bump, new TableTracker()),
        tracked => tracked.Dispose(),
        bump => bump.Dispose(),
        BumpOptions with { BlockOverhead = 4096 });

    [Fact]
    public void Tracked_conforms_switched_off() => Verify(
        () => new Heap(),
        heap =>
        {
            Tracked<Heap> tracked = new(heap, new TableTracker());
            tracked.IsEnabled = false;
            return tracked;
        },
        tracked => tracked.Dispose(),
        heap => heap.Dispose());

    private static void Verify<TInner, TWatched>(
        Func<TInner> createInner,
        Func<TInner, TWatched> create,
        Action<TWatched>? dispose = null,
        Action<TInner>? disposeInner = null,
        ConformanceOptions? options = null)
        where TInner : unmanaged, IAllocator
        where TWatched : unmanaged, IAllocator
    {
        TInner inner = default;
        AllocatorConformance.Verify(
            () =>
            {
                inner = createInner();
                return create(inner);
            },
            watched =>
            {
                dispose?.Invoke(watched);
                disposeInner?.Invoke(inner);
            },
            options);
    }
}
