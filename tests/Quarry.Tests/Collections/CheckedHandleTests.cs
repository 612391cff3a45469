using System;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>
/// Checked builds: every member of every collection reports a handle that is not alive, by type and cause.
/// </summary>
public sealed unsafe class CheckedHandleTests
{
    [Theory]
    [InlineData(nameof(Disposed))]
    [InlineData(nameof(OfADisposedHeap))]
    [InlineData(nameof(OfADisposedHeapOfUnmappedPages))]
    [InlineData(nameof(OfADisposedArena))]
    [InlineData(nameof(OfAnArenaThatWasReset))]
    [InlineData(nameof(OfAScopeThatEnded))]
    [InlineData(nameof(OfABumpThatWasReset))]
    [InlineData(nameof(OfAFixedBufferThatWasEmptied))]
    [InlineData(nameof(OfADisposedPool))]
    [InlineData(nameof(OfAnArenaWithinAnother))]
    [InlineData(nameof(DefaultValues))]
    [InlineData(nameof(DefaultAllocators))]
    [InlineData(nameof(OwnersThatLeaveTwice))]
    public void It_is_reported(string situation) => CheckedLibrary.Run(typeof(CheckedHandleTests), situation);

    internal static void Disposed()
    {
        using Heap heap = new();
        foreach (EveryCollection collection in EveryCollection.Create(heap))
        {
            collection.Dispose();
            AssertGone(collection, $"The {collection.Name} was disposed.");
        }

        // Slots of disposed handles are used again, by handles that the old ones are not taken for.
        foreach (EveryCollection collection in EveryCollection.Create(heap))
        {
            Assert.True(collection.IsAlive());
            collection.Uses[0]();
            collection.Dispose();
        }
    }

    internal static void OfADisposedHeap()
    {
        Heap heap = new();
        AssertFreed(heap, heap.Dispose);
    }

    internal static void OfADisposedHeapOfUnmappedPages()
    {
        Heap heap = new(new HeapOptions { PageSource = PageSource.Mmap() });
        AssertFreed(heap, heap.Dispose);
    }

    internal static void OfADisposedArena()
    {
        Arena arena = new();
        AssertFreed(arena, arena.Dispose);
    }

    internal static void OfAnArenaThatWasReset()
    {
        using Arena arena = new();
        Arena copy = arena;

        // The memory is used again, but not written to.
        AssertFreed(arena, () =>
        {
            copy.Reset();
            _ = copy.AllocateSpan<byte>(10_000);
        });
    }

    internal static void OfAScopeThatEnded()
    {
        using Arena arena = new();
        ArenaMark mark = arena.Mark();
        Arena copy = arena;
        AssertFreed(arena, () => copy.Rewind(mark));
    }

    internal static void OfABumpThatWasReset()
    {
        using Bump<Shared> bump = new(1.MiB());
        Bump<Shared> copy = bump;
        AssertFreed(bump, copy.Reset);
    }

    internal static void OfAFixedBufferThatWasEmptied()
    {
        byte* memory = stackalloc byte[10_000];
        FixedBuffer buffer = new(memory, 10_000);
        AssertFreed(buffer, buffer.DeallocateAll);
    }

    internal static void OfADisposedPool()
    {
        using Heap heap = new();
        Pool<Heap> pool = new(heap, Layout.Create(512, 16));
        AssertFreed(pool, pool.Dispose);
    }

    internal static void OfAnArenaWithinAnother()
    {
        using Arena outer = new();
        Arena inner = Arena.Over(outer);
        using Counting<Arena> counting = new(inner);
        Arena copy = outer;
        AssertFreed(counting, () => copy.Reset());
    }

    internal static void DefaultValues()
    {
        foreach (EveryCollection collection in EveryCollection.Default<Heap>())
        {
            Assert.False(collection.IsAlive());
            collection.Dispose();
            foreach (Action use in collection.Uses)
            {
                InvalidOperationException failure = Assert.Throws<InvalidOperationException>(use);
                Assert.StartsWith(
                    $"The {collection.Name} is the default value", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    internal static void DefaultAllocators()
    {
        Assert.Contains("Arena", Message(() => default(Arena).Allocate(Layout.Of<int>())));
        Assert.Contains("Bump", Message(() => default(Bump<Local>).Allocate(Layout.Of<int>())));
        Assert.Contains("Pool", Message(() => default(Pool<Heap>).Allocate(Layout.Of<int>())));

        static string Message(Action act) => Assert.Throws<InvalidOperationException>(act).Message;
    }

    internal static void OwnersThatLeaveTwice()
    {
        using Heap heap = new();
        NativeRefCounted<int, Heap> first = new(heap, 42);
        NativeRefCounted<int, Heap> second = first.AddRef();
        first.Dispose();
        first.Dispose();
        Assert.False(first.IsAlive);
        Assert.Equal(42, second.Value);
        Assert.Equal(1, second.OwnerCount);
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => second.Value);
        Assert.Equal(0u, heap.GetStatistics().InUseBytes);
    }

    private static void AssertFreed<TAllocator>(TAllocator allocator, Action free)
        where TAllocator : unmanaged, IAllocator
    {
        var collections = EveryCollection.Create(allocator);
        free();
        foreach (EveryCollection collection in collections)
        {
            AssertGone(collection, $"The allocator of the {collection.Name} was disposed, reset or rewound");
        }
    }

    private static void AssertGone(EveryCollection collection, string message)
    {
        Assert.False(collection.IsAlive());
        foreach (Action use in collection.Uses)
        {
            ObjectDisposedException gone = Assert.Throws<ObjectDisposedException>(use);
            Assert.Equal(collection.Name, gone.ObjectName);
            Assert.StartsWith(message, gone.Message, StringComparison.Ordinal);
        }

        collection.Dispose();
        collection.Dispose();
        Assert.False(collection.IsAlive());
    }
}
