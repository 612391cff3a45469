using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Members of the BCL's collections beyond those that the models call at random.</summary>
public sealed class TwinMemberTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_list_is_a_stack()
    {
        using NativeList<int, Heap> list = new(_heap) { 1, 2 };
        list.Push(3);
        list.Peek() += 10;
        Assert.Equal(13, list.Pop());
        Assert.Equal((2, 1), (list.Pop(), list.Pop()));
        _ = Assert.Throws<InvalidOperationException>(() => list.Pop());
        _ = Assert.Throws<InvalidOperationException>(() => list.Peek());
    }

    [Fact]
    public void A_list_is_searched_sliced_and_filled()
    {
        using NativeList<int, Heap> list = new(_heap, [1, 2, 3, 4, 5]);
        Assert.Equal([2, 3], list[1..3].ToArray());
        Assert.True(list is [1, .. var middle, 5] && middle.Length == 3);
        Assert.Equal((1, 3, -1), (
            list.FindIndex(item => item % 2 == 0), list.FindLastIndex(item => item % 2 == 0),
            list.FindIndex(item => item > 5)));
        Assert.True(list.Exists(item => item == 5));
        _ = Assert.Throws<ArgumentException>(() => list[3..7].Length);
        list.Fill(7);
        Assert.Equal([7, 7, 7, 7, 7], list.ToArray());
        int capacity = list.Capacity;
        Assert.Equal(capacity, list.LongCapacity);
        Assert.Equal(list.EnsureCapacity(100), list.Capacity);
    }

    [Fact]
    public void A_list_is_an_IList()
    {
        using NativeList<int, Heap> list = new(_heap, [1, 2, 3]);
        IList<int> view = list;
        view.Add(4);
        view.Insert(0, 0);
        view[1] = 10;
        view.RemoveAt(2);
        Assert.True(view.Remove(3));
        Assert.Equal([0, 10, 4], list.ToArray());
        int[] copy = new int[4];
        view.CopyTo(copy, 1);
        Assert.Equal([0, 0, 10, 4], copy);
        Assert.Equal((3, 1, false), (view.Count, view.IndexOf(10), view.IsReadOnly));
        _ = Assert.Throws<ArgumentException>(() => view.CopyTo(copy, 2));
    }

    [Fact]
    public void An_array_is_searched_sliced_filled_and_resized()
    {
        using NativeArray<int, Heap> array = new(_heap, [3, 1, 2]);
        array.Sort();
        Assert.Equal([2, 3], array[1..].ToArray());
        array.Reverse();
        Assert.Equal((0, 2, 2, true), (
            array.IndexOf(3), array.LastIndexOf(1), array.FindIndex(item => item < 2), array.Contains(2)));
        Assert.Equal(1, array.FindLastIndex(item => item > 1));
        NativeArray<int, Heap> copy = array;
        array.Resize(1000);
        Assert.Equal((1000, 3, 0), (copy.Length, copy[0], copy[999]));
        array.Resize(2);
        Assert.Equal([3, 2], copy.ToArray());
        Assert.False(array.TryResize(nint.MaxValue));
        _ = Assert.Throws<OutOfMemoryException>(() => array.Resize(nint.MaxValue / 8));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => array.Resize(-1));
        array.Fill(5);
        Assert.Equal([5, 5], copy.ToArray());
        array.Resize(0);
        Assert.Empty(copy.ToArray());
        array.Resize(1);
        Assert.Equal([0], copy.ToArray());
    }

    [Fact]
    public void A_string_is_indexed_sliced_and_compared()
    {
        using NativeUtf8String<Heap> text = new(_heap, "abc"u8);
        using NativeUtf8String<Heap> other = new(_heap, "abd"u8);
        Assert.Equal(((byte)'a', (byte)'c'), (text[0], text[^1]));
        Assert.Equal("bc"u8, text[1..]);
        Assert.True(text.StartsWith("ab"u8) && text.EndsWith("bc"u8) && text.Contains("b"u8));
        Assert.False(text.Contains("x"u8));
        Assert.True(text < other && other > text && text <= other && other >= text);
        Assert.Equal(0, text.CompareTo("abc"u8));
        Assert.Equal([text, other], new[] { other, text }.Order());
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => text[3]);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => text[-1]);
    }

    [Fact]
    public void A_set_is_an_ISet()
    {
        using NativeHashSet<int, Heap> set = new(_heap, [1, 2]);
        Assert.Equal([1, 2], set.ToArray());
        Unite(set, [2, 3]);
        ICollection<int> collection = set;
        collection.Add(4);
        int[] copy = new int[5];
        collection.CopyTo(copy, 1);
        Assert.Equal([0, 1, 2, 3, 4], copy);
        Assert.False(collection.IsReadOnly);
        _ = Assert.Throws<ArgumentException>(() => collection.CopyTo(copy, 2));

        static void Unite<TSet>(TSet set, int[] others) where TSet : ISet<int> => set.UnionWith(others);
    }

    [Fact]
    public void A_dictionary_is_an_IDictionary()
    {
        using NativeDictionary<int, int, Heap> dictionary = new(_heap) { [1] = 10, [2] = 20 };
        IDictionary<int, int> view = dictionary;
        view.Add(KeyValuePair.Create(3, 30));
        Assert.True(view.Contains(new(3, 30)) && !view.Contains(new(3, 31)) && !view.Contains(new(4, 0)));
        Assert.False(view.Remove(new KeyValuePair<int, int>(3, 31)));
        Assert.True(view.Remove(new KeyValuePair<int, int>(3, 30)));
        Assert.Equal([1, 2], view.Keys);
        Assert.Equal([10, 20], view.Values);
        ICollection<int> keys = view.Keys;
        Assert.Contains(1, keys);
        Assert.Contains(10, view.Values);
        Assert.True(keys.IsReadOnly);
        KeyValuePair<int, int>[] copy = new KeyValuePair<int, int>[2];
        view.CopyTo(copy, 0);
        Assert.Equal([new(1, 10), new(2, 20)], copy);
        _ = Assert.Throws<NotSupportedException>(() => keys.Add(1));
        _ = Assert.Throws<NotSupportedException>(view.Values.Clear);
        _ = Assert.Throws<ArgumentException>(() => view.CopyTo(copy, 1));
    }

    [Fact]
    public void Layouts_are_compared()
    {
        Layout layout = Layout.Create(8, 16);
        Assert.True(layout == Layout.Create(8, 16) && layout != Layout.Create(8, 8));
        Assert.True(layout.Equals((object)Layout.Create(8, 16)) && !layout.Equals(null));
        Assert.Equal(layout.GetHashCode(), Layout.Create(8, 16).GetHashCode());
    }

    [Fact]
    public void The_end_of_a_scope_that_was_not_entered_changes_nothing()
    {
        default(UntrackedScope).Dispose();
        using UntrackedScope scope = AllocationGroup.Untracked();
        scope.Dispose();
        Assert.False(GroupContext.IsSilent);
    }
}
