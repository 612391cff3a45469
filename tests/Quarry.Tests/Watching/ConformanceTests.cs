using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Watching;

/// <summary>What every allocator promises, by those that watch one.</summary>
public sealed class ConformanceTests
{
    private static ConformanceOptions BumpOptions => new() { Capacity = Bump<Local>.DefaultSize };

    [Fact]
    public void Counting_conforms_over_a_heap() => Verify(
        Heap.Create,
        heap => new Counting<Heap>(heap),
        counting => counting.Dispose(),
        heap => heap.Destroy());

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
        Heap.Create,
        heap => new CountingBySize<Heap>(heap),
        counting => counting.Dispose(),
        heap => heap.Destroy());

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

    private static void Verify<TInner, TWatched>(
        Func<TInner> createInner,
        Func<TInner, TWatched> create,
        Action<TWatched> dispose,
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
                dispose(watched);
                disposeInner?.Invoke(inner);
            },
            options);
    }
}
