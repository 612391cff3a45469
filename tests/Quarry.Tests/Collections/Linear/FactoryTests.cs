using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Collections in memory of the application's allocator.</summary>
public sealed class FactoryTests
{
    [Fact]
    public void Without_an_allocator_named_it_is_that_of_the_application()
    {
        using NativeBox<int, Global> box = NativeBox.Create(5);
        using NativeRefCounted<int, Global> shared = NativeRefCounted.Create(6);
        using NativeArray<int, Global> zeros = NativeArray.Create<int>(3);
        using NativeArray<int, Global> array = NativeArray.Create([1, 2, 3]);
        using NativeList<int, Global> list = NativeList.Create<int>();
        using NativeList<int, Global> items = NativeList.Create([4, 5]);
        using NativeQueue<int, Global> queue = NativeQueue.Create<int>();
        using NativePriorityQueue<char, int, Global> priorities =
            NativePriorityQueue.Create<char, int>();
        using NativeUtf8String<Global> text = NativeUtf8String.Create("bytes"u8);
        using NativeUtf8String<Global> chars = NativeUtf8String.Create("chars");
        using NativeUtf8String<Global> none = NativeUtf8String.Create();
        using NativeList<int, Global> expressed = [6, 7, 8];
        using NativeArray<int, SystemHeap> also = [.. expressed, 9];
        list.Add(1);
        queue.Enqueue(2);
        priorities.Enqueue(default, 3);
        none.Append($"{text}, {chars}");
        Assert.Equal((5, 6), (box.Value, shared.Value));
        Assert.Equal([0, 0, 0], zeros.ToArray());
        Assert.Equal([1, 2, 3], array.ToArray());
        Assert.Equal([1], list.ToArray());
        Assert.Equal([4, 5], items.ToArray());
        Assert.Equal([2], queue.ToArray());
        Assert.Equal([6, 7, 8, 9], also.ToArray());
        Assert.Equal(1, priorities.Count);
        Assert.Equal("bytes, chars", none.ToString());
    }

    [Fact]
    public void Dictionaries_and_sets_are_made_in_the_same_ways()
    {
        using NativeDictionary<int, long, Global> index = NativeDictionary.Create<int, long>();
        using NativeHashSet<int, Global> set = NativeHashSet.Create<int>(capacity: 10);
        using NativeHashSet<int, Global> items = NativeHashSet.Create([4, 5, 5]);
        using NativeHashSet<int, Global> expressed = [6, 7, 7, 8];
        using NativeDictionary<int, long, SystemHeap> pairs =
            [KeyValuePair.Create(1, 10L), KeyValuePair.Create(2, 20L), KeyValuePair.Create(1, 30L)];
        index.Add(1, 2);
        Assert.True(set.Add(1) && set.IsAlive && index.IsAlive);
        Assert.Equal(default, index.Allocator);
        Assert.Equal([4, 5], items);
        Assert.Equal([6, 7, 8], expressed);
        Assert.Equal((2, 30L, 20L), (pairs.Count, pairs[1], pairs[2]));
    }

    [Fact]
    public void An_expression_of_a_type_whose_allocator_has_to_be_created_says_so()
    {
        Says("Arena", () => { NativeList<int, Arena> list = [1]; _ = list; });
        Says("Arena", () => { NativeHashSet<int, Arena> set = [1]; _ = set; });
        Says("Heap", () => { NativeArray<int, Heap> array = [1]; _ = array; });
        Says("Pool", () => _ = new NativeQueue<int, Pool<SystemHeap>>(default));
        Says("Limited", () => _ = new NativeBox<int, Limited<SystemHeap>>(default));
        Says("Bump", () => _ = new NativeUtf8String<Bump<Local>>(default, "text"u8));
        Says("Heap", () => _ = new NativeDictionary<int, int, Sized<Heap>>(default));
        Says("PageAllocator", () => _ = new NativeRefCounted<int, PageAllocator>(default));
        Says("FixedBuffer", () => _ = new NativePriorityQueue<int, int, StackFront<SystemHeap>>(default));
        Assert.False(NativeList<int, Arena>.TryCreate(default, 10, out _));

        static void Says(string allocator, Action create)
        {
            InvalidOperationException failure = Assert.Throws<InvalidOperationException>(create);
            Assert.StartsWith($"The {allocator} is the default value", failure.Message);
        }
    }

    [Fact]
    public unsafe void What_throws_for_want_of_memory_says_which_allocator_was_disposed()
    {
        Heap heap = new();
        Arena arena = new();
        Limited<Heap> limited = new(heap, 1.MiB());
        Pool<Heap> pool = new(heap, Layout.Create(64, 16));
        NativeMemoryPool<byte, Heap> buffers = new(heap);
        var list = new NativeList<int, Heap>(heap);
        heap.Dispose();
        arena.Dispose();
        Says("Heap", () => heap.Alloc(10));
        Says("Heap", () => heap.AllocateZeroedSpan(10, out Span<int> _));
        Says("Heap", () => _ = new NativeMemoryManager<int, Heap>(heap, 10));
        Says("Heap", () => buffers.Rent(10));
        Says("Heap", () => limited.Alloc(10));
        Says("Heap", () => _ = new NativeList<int, Counting<Heap>>(new Counting<Heap>(heap)));
        Says("Heap", () => pool.Alloc(10));
        Says("Arena", () => arena.New(1));
        Says("Arena", () => arena.AllocateZeroedSpan(10, out Span<int> _));
        Says("Arena", () => _ = new NativeBox<int, Arena>(arena));
        limited.Dispose();
        Says("Limited", () => limited.Alloc(10));
        list.Dispose();

        static void Says(string allocator, Action act)
        {
            ObjectDisposedException gone = Assert.Throws<ObjectDisposedException>(act);
            Assert.Equal(allocator, gone.ObjectName);
        }
    }
}
