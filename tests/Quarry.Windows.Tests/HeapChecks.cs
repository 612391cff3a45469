using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Quarry.Windows.Tests;

/// <summary>The heap works on the system's pages.</summary>
internal static unsafe class HeapChecks
{
    internal static Check[] All =>
    [
        new("blocks of all sizes keep their contents", () => WithHeap(Sizes)),
        new("a block keeps its contents while it grows to 200 MiB and shrinks again", () => WithHeap(Grows)),
        new("zeroed blocks are zeros where others were before", () => WithHeap(Zeroed)),
        new("threads free blocks of others", () => WithHeap(Threads)),
        new("memory of ended threads is reused", () => WithHeap(EndedThreads)),
        new("trimming and decay leave the heap sound", () => WithHeap(Trimmed)),
        new("a limit is kept", Limited),
        new("destroyed heaps release their address space", Destroyed),
        new("collections are disposed long after their heaps", Outlived),
    ];

    private static void Outlived()
    {
        List<NativeList<int, Heap>> lists = [];
        for (int round = 0; round < 200; round++)
        {
            Heap heap = new();
            lists.Add(new NativeList<int, Heap>(heap, [round]));
            heap.Dispose();
        }

        foreach (NativeList<int, Heap> list in lists)
        {
            Check.That(!list.IsAlive, "its heap has ended");
            list.Dispose();
        }
    }

    private static void WithHeap(Action<Heap> check)
    {
        Heap heap = new(new HeapOptions { DecayMilliseconds = 10 });
        check(heap);
        heap.Dispose();
    }

    private static void Sizes(Heap heap)
    {
        List<(nuint Block, Layout Layout)> blocks = [];
        for (nuint size = 0; size < 3 << 20; size += 1 + (size / 8))
        {
            for (nuint alignment = 1; alignment <= 1 << 16; alignment <<= 4)
            {
                Layout layout = Bytes(size, alignment);
                byte* block = (byte*)heap.Allocate(layout);
                Check.That(block != null && (nuint)block % alignment == 0, $"{layout} can be had");
                new Span<byte>(block, (int)size).Fill((byte)size);
                blocks.Add(((nuint)block, layout));
            }
        }

        foreach ((nuint block, Layout layout) in blocks)
        {
            Span<byte> contents = new((void*)block, (int)layout.Size);
            Check.That(!contents.ContainsAnyExcept((byte)layout.Size), $"{layout} kept its contents");
            heap.Deallocate((void*)block, layout);
        }

        nuint inUse = heap.GetStatistics().InUseBlocks;
        Check.That(inUse == 0, $"all blocks are freed, except for {inUse}");
    }

    private static void Grows(Heap heap)
    {
        Layout layout = Bytes(1000);
        byte* block = (byte*)heap.Allocate(layout);
        block[999] = 99;
        for (; layout.Size < 200 << 20; layout = Bytes(layout.Size * 3))
        {
            block = (byte*)heap.Reallocate(block, layout, layout.Size * 3);
            Check.That(block != null && block[999] == 99, $"it grows beyond {layout}");
            block[(layout.Size * 3) - 1] = 1;
        }

        block = (byte*)heap.Reallocate(block, layout, 1000);
        Check.That(block[999] == 99, "it shrinks");
        heap.Deallocate(block, Bytes(1000));
    }

    private static void Zeroed(Heap heap)
    {
        foreach (nuint size in (nuint[])[100, 100_000, 5 << 20])
        {
            for (int turn = 0; turn < 20; turn++)
            {
                byte* block = (byte*)heap.AllocateZeroed(Bytes(size));
                Span<byte> contents = new(block, (int)size);
                Check.That(!contents.ContainsAnyExcept((byte)0), $"a block of {size} bytes is zeroed");
                contents.Fill(0xFF);
                heap.Deallocate(block, Bytes(size));
            }

            _ = heap.Trim();
        }
    }

    private static void Threads(Heap heap)
    {
        nuint[] slots = new nuint[512];
        Layout layout = Bytes(64);
        Parallel(4, seed =>
        {
            uint random = (uint)seed + 1;
            for (int turn = 0; turn < 100_000; turn++)
            {
                random = (random * 1664525) + 1013904223;
                byte* block = (byte*)heap.Allocate(layout);
                *(nuint*)block = (nuint)block;
                nuint* other = (nuint*)Interlocked.Exchange(ref slots[random >> 23], (nuint)block);
                Check.That(other == null || *other == (nuint)other, "a block holds what was written");
                heap.Deallocate(other, layout);
            }
        });
        slots.ToList().ForEach(slot => heap.Deallocate((void*)slot, layout));
    }

    private static void EndedThreads(Heap heap)
    {
        Layout layout = Bytes(1000);
        for (int round = 0; round < 50; round++)
        {
            Parallel(2, _ =>
            {
                nuint[] blocks = [.. Enumerable.Range(0, 1000).Select(_ => (nuint)heap.Allocate(layout))];
                Array.ForEach(blocks, block => heap.Deallocate((void*)block, layout));
            });
        }

        nuint peak = heap.GetStatistics().PeakBytes;
        Check.That(peak < 64 << 20, $"the threads do not add up, but the peak is {peak} bytes");
    }

    private static void Trimmed(Heap heap)
    {
        for (int round = 0; round < 20; round++)
        {
            nuint[] blocks = [.. Enumerable.Range(1, 100).Select(index => Take(heap, index))];
            for (int index = 1; index <= blocks.Length; index++)
            {
                byte* block = (byte*)blocks[index - 1];
                Check.That(block[0] == index && block[(index * 5000) - 1] == index, "contents are kept");
                heap.Deallocate(block, Bytes((nuint)index * 5000));
            }

            _ = heap.Trim();
            Thread.Sleep(1);
        }
    }

    private static nuint Take(Heap heap, int index)
    {
        int size = index * 5000;
        byte* block = (byte*)heap.Allocate(Bytes((nuint)size));
        new Span<byte>(block, size).Fill((byte)index);
        return (nuint)block;
    }

    private static void Limited()
    {
        Heap heap = new(new HeapOptions { LimitBytes = 16 << 20 });
        Check.That(heap.Allocate(Bytes(32 << 20)) == null, "more than the limit is refused");
        void* block = heap.Allocate(Bytes(8 << 20));
        Check.That(block != null, "less is not");
        HeapStatistics statistics = heap.GetStatistics();
        Check.That(statistics.MappedBytes >= 1 << 22, "address space is counted");
        heap.Dispose();
    }

    private static void Destroyed()
    {
        // Each reserves 64 GiB: together more than a program's addresses.
        for (int turn = 0; turn < 2100; turn++)
        {
            Heap heap = new();
            void* block = heap.Allocate(Bytes(100));
            Check.That(block != null, $"heap number {turn} works");
            heap.Dispose();
        }
    }

    internal static void Parallel(int count, Action<int> body)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                body(index);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Check.That(failure == null, $"no thread failed, but {failure}");
    }

    internal static Layout Bytes(nuint size, nuint alignment = 16)
    {
        Check.That(Layout.TryCreate(size, alignment, out Layout layout), "the layout is valid");
        return layout;
    }
}
