using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Nothing that a collection does leaves an object on the managed heap.</summary>
public sealed class ManagedHeapTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Working_with_collections_allocates_no_objects()
    {
        // Once for what the runtime makes at the first use of anything.
        Work(_heap);
        Work(_heap);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work(_heap);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(new object());
        Assert.NotEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Work(Heap heap)
    {
        using var list = new NativeList<int, Heap>(heap);
        using var queue = new NativeQueue<int, Heap>(heap);
        using var priorities = new NativePriorityQueue<int, double, Heap>(heap);
        using var text = new NativeUtf8String<Heap>(heap, "text"u8);
        using var array = new NativeArray<int, Heap>(heap, 100);
        using var box = new NativeBox<Guid, Heap>(heap, Guid.Empty);
        using var shared = new NativeRefCounted<int, Heap>(heap);
        for (int item = 0; item < 1000; item++)
        {
            list.Add(item * 7919 % 1000);
            queue.Enqueue(item);
            priorities.Enqueue(item, -item);
        }

        int sum = 0;
        foreach (int item in list)
        {
            sum += item;
        }

        foreach (int item in queue)
        {
            sum -= item;
        }

        list.Sort(default(ByLastDigit));
        list.Sort();
        sum += list.BinarySearch(500) - list.IndexOf(500) + list.BinarySearch(500, Comparer<int>.Default);
        list.Remove(3);
        list.InsertRange(10, list.AsSpan(0, 100));
        list.TrimExcess();
        while (queue.TryDequeue(out int item) && priorities.TryDequeue(out int other, out _))
        {
            array[item % 100] += other;
        }

        shared.AddRef().Dispose();
        text.Append("größer");
        text.Append(sum);
        text.Append(3.25, "F1");
        text.Append('c');
        text.Append(box.Value);
        text.Append(text);
        sum += text.IndexOf("of"u8) + text.GetHashCode();
    }
}
