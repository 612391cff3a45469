using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
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
        Heap heap = new();
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
    public void Collections_are_disposed_long_after_their_allocators()
    {
        List<EveryCollection> collections = [];
        for (int round = 0; round < 300; round++)
        {
            Heap heap = new();
            Arena arena = new();
            using Bump<Local> bump = new(1.MiB());
            collections.Add(EveryCollection.Create(heap)[round % 9]);
            collections.Add(EveryCollection.Create(arena)[round % 9]);
            collections.Add(EveryCollection.Create(bump)[round % 9]);
            heap.Dispose();
            arena.Dispose();
        }

        AssertGone(collections);
    }

    [Fact]
    public void Collections_on_the_system_heap_outlive_the_threads_that_made_them()
    {
        const int Boxes = 200;
        var boxes = new List<NativeBox<int, SystemHeap>>();
        var stale = new List<NativeBox<int, SystemHeap>>();
        for (int round = 0; round < 20; round++)
        {
            Thread thread = new(() =>
            {
                for (int value = 0; value < Boxes; value++)
                {
                    // Those of the thread before go to the lists of this one, and back when it has ended.
                    boxes.Add(new NativeBox<int, SystemHeap>(default, value));
                    NativeBox<int, SystemHeap> oldest = boxes[0];
                    boxes.RemoveAt(0);
                    stale.Add(oldest);
                    oldest.Dispose();
                    boxes.Add(new NativeBox<int, SystemHeap>(default, -1));
                }
            });
            thread.Start();
            thread.Join();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(20 * Boxes, boxes.Count);
        Assert.All(boxes, box => Assert.True(box.IsAlive && box.Value is >= -1 and < Boxes));
        Assert.All(stale, box => Assert.False(box.IsAlive));
        stale.ForEach(box => box.Dispose());
        Assert.All(boxes, box => Assert.True(box.IsAlive));
        boxes.ForEach(box => box.Dispose());
        Assert.All(boxes, box => Assert.False(box.IsAlive));
    }

    [Fact]
    public void Disposing_asks_the_system_about_memory_that_was_unmapped()
    {
        Heap heap = new(new HeapOptions { PageSource = PageSource.Mmap() });
        List<EveryCollection> collections = EveryCollection.Create(heap);
        Arena arena = Arena.Over(new PageAllocator(PageSource.Mmap()));
        collections.AddRange(EveryCollection.Create(arena));
        heap.Dispose();
        arena.Dispose();
        AssertGone(collections);
    }

    [Fact]
    public unsafe void An_inaccessible_page_is_not_readable()
    {
        byte* page = (byte*)Os.Map(Os.PageSize);
        Assert.True(Os.IsReadable(page));
        Assert.True(Os.MakeReadOnly(page, Os.PageSize) && Os.IsReadable(page));
        Os.Decommit(page, Os.PageSize);
        Assert.False(Os.IsReadable(page));
        Os.Unmap(page, Os.PageSize);
        Assert.False(Os.IsReadable(page));
        Assert.False(Os.IsReadable(null));
    }

    [Fact]
    public void Allocators_are_disposed_after_what_they_are_built_on()
    {
        Heap heap = new();
        Arena arena = Arena.Over(heap);
        _ = arena.Own(new MemoryOwner());
        Pool<Heap> pool = new(heap, Layout.Create(64, 16));
        FreeList<Heap> list = new(heap, 32, 64, 4);
        Bucketize<Heap, PowersOfTwo> buckets = new(heap, 16, 1024, 4);
        Limited<Heap> limited = new(heap, 1.MiB());
        TakeAndFree(pool);
        TakeAndFree(list);
        TakeAndFree(buckets);
        heap.Dispose();
        arena.Dispose();
        pool.Dispose();
        list.Dispose();
        buckets.Dispose();
        limited.Dispose();
        Assert.False(arena.IsAlive || pool.IsAlive);
    }

    // A stale handle compares its number with whatever its memory holds by then.
    [Fact]
    public void A_serial_number_looks_like_no_ordinary_data()
    {
        nuint last = 0;
        for (int round = 0; round < 1000; round++)
        {
            var list = new NativeList<int, SystemHeap>(default);
            nuint serial = Unsafe.As<NativeList<int, SystemHeap>, (nuint Address, nuint Serial)>(
                ref list).Serial;
            Assert.True((nint)serial < 0, "A count, an address or a time would be positive.");
            Assert.True(serial < nuint.MaxValue - (1ul << 32), "It might be a small negative number.");
            Assert.NotInRange(serial - last, (nuint)0, (nuint)1_000_000);
            last = serial;
            list.Dispose();
        }
    }

    [Fact]
    public unsafe void Filling_used_memory_with_small_numbers_revives_no_handle()
    {
        using Heap heap = new();
        var list = new NativeList<int, Heap>(heap);
        list.Dispose();
        for (nuint number = 1; number < 1 << 18; number += 1 << 16)
        {
            for (nint size = 16; size <= 256; size += 16)
            {
                new Span<nuint>(heap.Alloc(size), (int)size / sizeof(nuint)).Fill(number);
            }

            Assert.False(list.IsAlive);
        }
    }

    private static unsafe void TakeAndFree<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator => allocator.Free(allocator.Alloc(64), 64);

    private static void AssertGone(List<EveryCollection> collections)
    {
        foreach (EveryCollection collection in collections)
        {
            Assert.False(collection.IsAlive(), collection.Name);
            collection.Dispose();
            collection.Dispose();
        }
    }

    private sealed class MemoryOwner : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
