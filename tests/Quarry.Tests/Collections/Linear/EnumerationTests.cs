using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Going through collections, and changing them meanwhile.</summary>
public sealed class EnumerationTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Queries_see_the_elements_and_sources_of_them_fill_a_collection()
    {
        var list = new NativeList<int, Heap>(_heap) { 3, 1, 2 };
        var array = new NativeArray<int, Heap>(_heap, [4, 5]);
        var queue = new NativeQueue<int, Heap>(_heap);
        queue.Enqueue(6);
        Assert.Equal([1, 2, 3], list.Order());
        Assert.Equal([3, 1, 2, 4, 5, 6], list.Concat(array).Concat(queue));
        Assert.Equal(3, ((IReadOnlyList<int>)list)[0]);
        Assert.Equal(5, ((IReadOnlyList<int>)array)[1]);
        Assert.Equal((3, 2, 1), (Count(list), Count(array), Count(queue)));

        static int Count(IReadOnlyCollection<int> items) => items.Count;
    }

    [Fact]
    public void Elements_are_changed_in_place()
    {
        var list = new NativeList<int, Heap>(_heap, [1, 2, 3]);
        var array = new NativeArray<int, Heap>(_heap, [1, 2, 3]);
        var queue = new NativeQueue<int, Heap>(_heap);
        queue.Enqueue(1);
        foreach (ref int item in list)
        {
            item *= 2;
        }

        foreach (ref int item in array)
        {
            item *= 3;
        }

        foreach (ref int item in queue)
        {
            item *= 4;
        }

        queue.Peek()++;
        Assert.Equal([2, 4, 6], list.ToArray());
        Assert.Equal([3, 6, 9], array.ToArray());
        Assert.Equal([5], queue.ToArray());
    }

    [Fact]
    public void An_enumerator_begins_again_after_a_reset()
    {
        var list = new NativeList<int, Heap>(_heap, [1, 2]);
        using IEnumerator<int> items = ((IEnumerable<int>)list).GetEnumerator();
        for (int time = 0; time < 2; time++)
        {
            Assert.True(items.MoveNext());
            Assert.Equal(1, items.Current);
            Assert.True(items.MoveNext());
            Assert.False(items.MoveNext());
            Assert.False(items.MoveNext());
            items.Reset();
        }
    }

    [Fact]
    public void Unchecked_an_enumeration_goes_on_where_the_elements_are_by_then()
    {
        Assert.False(Checks.Enabled);
        var list = new NativeList<int, Heap>(_heap, [1, 2, 3, 4]);
        int sum = 0;
        foreach (int item in list)
        {
            sum += item;

            // Moves the elements each time.
            list.AddRange(new int[list.Count * 4]);
        }

        Assert.Equal(10, sum);
        list.Clear();
        list.AddRange([1, 2, 3, 4]);
        foreach (int item in list)
        {
            list.RemoveAt(list.Count - 1);
            sum += item;
        }

        Assert.Equal(13, sum);
    }

    [Fact]
    public void Disposing_ends_an_enumeration()
    {
        var list = new NativeList<int, Heap>(_heap, [1, 2, 3]);
        Assert.Throws<ObjectDisposedException>(() =>
        {
            foreach (int item in list)
            {
                list.Dispose();
            }
        });
    }

    [Fact]
    public void A_loop_that_adds_ends()
    {
        using Heap heap = new();
        var list = new NativeList<int, Heap>(heap, [1, 2, 3]);
        var queue = new NativeQueue<int, Heap>(heap, 4);
        queue.Enqueue(1);
        foreach (int item in list)
        {
            list.Add(item);
        }

        foreach (int item in queue)
        {
            queue.Enqueue(item);
        }

        Assert.Equal([1, 2, 3, 1, 2, 3], list.ToArray());
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void Changes_end_an_enumeration_in_checked_builds() =>
        CheckedLibrary.Run(typeof(EnumerationTests), nameof(ChangeWhileEnumerating));

    internal static void ChangeWhileEnumerating()
    {
        Assert.True(Checks.Enabled);
        Action<NativeList<int, SystemHeap>>[] changesOfList =
        [
            list => list.Add(1), list => list.Insert(0, 1), list => list.RemoveAt(0), list => list.Clear(),
            list => list.Sort(), list => list.Sort(default(ByLastDigit)), list => list.Reverse(),
            list => list.RemoveAll(item => item == 1), list => list.TryPop(out _), list => list.SetCount(1),
            list => list.EnsureCapacity(1000), list => list.AddRange([1, 2]), list => list.RemoveRange(0, 1),
        ];
        foreach (Action<NativeList<int, SystemHeap>> change in changesOfList)
        {
            using var list = new NativeList<int, SystemHeap>(default, [1, 2, 3]);
            NativeList<int, SystemHeap>.Enumerator items = list.GetEnumerator();
            Assert.True(items.MoveNext());
            change(list);
            Assert.Throws<InvalidOperationException>(() => items.MoveNext());
        }

        Action<NativeQueue<int, SystemHeap>>[] changesOfQueue =
        [
            queue => queue.Enqueue(1), queue => queue.Dequeue(), queue => queue.Clear(),
            queue => queue.EnsureCapacity(1000),
        ];
        foreach (Action<NativeQueue<int, SystemHeap>> change in changesOfQueue)
        {
            using var queue = new NativeQueue<int, SystemHeap>(default);
            queue.Enqueue(1);
            queue.Enqueue(2);
            NativeQueue<int, SystemHeap>.Enumerator items = queue.GetEnumerator();
            Assert.True(items.MoveNext());
            change(queue);
            Assert.Throws<InvalidOperationException>(() => items.MoveNext());
        }
    }
}
