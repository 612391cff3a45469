using System;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>
/// Collections that are used, or disposed, after the allocator that their memory came from.
/// </summary>
public class OutlivedAllocatorTests
{
    [Fact]
    public void A_collection_is_disposed_with_its_heap_or_after_it()
    {
        Heap heap = Heap.Create();
        using NativeList<long, Heap> list = new(heap) { 1, 2, 3 };
        heap.Dispose();
        Assert.False(list.IsAlive);
        Assert.True(list.Count == 0);
        Assert.Throws<ObjectDisposedException>(() => list.Add(4));
        Assert.Throws<ObjectDisposedException>(() => list[0]);
        list.Dispose();
    }

    [Fact]
    public void A_collection_is_disposed_with_its_arena_or_after_it()
    {
        Arena arena = new();
        using NativeDictionary<int, int, Arena> index = new(arena);
        index.Add(1, 2);
        arena.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Remove(1));
        Assert.Throws<ObjectDisposedException>(() => index.ContainsKey(1));
        index.Dispose();
    }

    [Fact]
    public void Many_allocators_that_ended_do_no_harm()
    {
        for (int round = 0; round < 1000; round++)
        {
            Heap heap = Heap.Create();
            using NativeList<int, Heap> list = new(heap) { round };
            heap.Dispose();
            Assert.False(list.IsAlive);
        }
    }
}
