using System;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The array, and what it shares with the runtime's.</summary>
public sealed unsafe class ArrayTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void An_array_begins_with_zeros()
    {
        // Where something else lay before.
        using (var used = new NativeArray<long, Heap>(_heap, 1000))
        {
            used.AsSpan().Fill(-1);
        }

        using var array = new NativeArray<long, Heap>(_heap, 1000);
        Assert.All(array, item => Assert.Equal(0, item));
    }

    [Fact]
    public void Elements_are_read_and_written_by_index()
    {
        using var array = new NativeArray<int, Heap>(_heap, [1, 2, 3]);
        array[0] += 10;
        array[(nint)2] = 30;
        Assert.Equal(30, array[^1]);
        Assert.Equal([11, 2, 30], array.ToArray());
        Assert.Equal([2, 30], array.AsSpan(1, 2).ToArray());
        Assert.Throws<IndexOutOfRangeException>(() => array[3]++);
        Assert.Throws<IndexOutOfRangeException>(() => array[-1]++);
        Assert.Throws<IndexOutOfRangeException>(() => array[nint.MaxValue]++);
        Assert.Throws<ArgumentException>(() => array.AsSpan(2, 2));
        Assert.Throws<ArgumentException>(() => array.CopyTo(new int[2]));
        array.Clear();
        Assert.Equal([0, 0, 0], array.ToArray());
    }

    [Fact]
    public void An_empty_array_is_one()
    {
        using var array = new NativeArray<int, Heap>(_heap, 0);
        using var copy = new NativeArray<int, Heap>(_heap, []);
        Assert.True(array.IsAlive && copy.IsAlive);
        Assert.Empty(array);
        Assert.Throws<IndexOutOfRangeException>(() => array[0]);
    }

    [Fact]
    public void The_elements_can_be_pinned_and_stay()
    {
        using var array = NativeArray<int, Heap>.CreateUninitialized(_heap, 10);
        array[0] = 5;
        fixed (int* first = array)
        {
            Assert.Equal(5, *first);
        }

        Assert.Equal(_heap, array.Allocator);
    }

    [Fact]
    public void More_elements_than_an_int_can_count()
    {
        nint length = (nint)3 << 30;
        using var bump = new Bump<Local>(8.GiB());
        var array = NativeArray<byte, Bump<Local>>.CreateUninitialized(bump, length);
        array[length - 1] = 7;
        Assert.Equal(length, array.LongLength);
        Assert.Equal([7], array.AsSpan(length - 1, 1).ToArray());
        Assert.Throws<OverflowException>(() => array.Length);
        Assert.Throws<OverflowException>(() => array.AsSpan());
        Assert.Throws<IndexOutOfRangeException>(() => array[length]);
        Assert.Throws<IndexOutOfRangeException>(() => array[-1]);
        Assert.False(array.Skip(10).First() == 7);
    }

    [Fact]
    public void More_elements_than_an_int_can_count_in_a_list()
    {
        nint count = (nint)3 << 30;
        using var bump = new Bump<Local>(16.GiB());
        var list = new NativeList<byte, Bump<Local>>(bump, count + 1);
        list.SetCount(count);
        list.Add(1);
        list[count - 1] = 2;
        Assert.Equal(count + 1, list.LongCount);
        Assert.Throws<OverflowException>(() => list.Count);
        Assert.Throws<OverflowException>(() => list.IndexOf(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[count + 1]);
        list.RemoveAt(count - 1);
        Assert.Equal(1, list[count - 1]);
        list.Insert(count - 1, 3);
        list.RemoveRange(10, count - 11);
        Assert.Equal([3, 1], list.AsSpan(10, 2).ToArray());
        Assert.Equal(12, list.Count);
    }
}
