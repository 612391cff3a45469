using System;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Who owns a collection, and what a handle without one does.</summary>
public sealed unsafe class LifetimeTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_handle_takes_two_words()
    {
        Assert.Equal(2 * sizeof(void*), sizeof(NativeBox<decimal, Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativeArray<decimal, Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativeList<decimal, Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativeQueue<decimal, Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativePriorityQueue<decimal, Guid, Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativeUtf8String<Heap>));
        Assert.Equal(2 * sizeof(void*), sizeof(NativeRefCounted<decimal, Heap>));
    }

    [Fact]
    public void Disposing_gives_all_memory_back_and_again_does_nothing()
    {
        using Metered metered = Metered.Create();
        var box = new NativeBox<long, Metered>(metered, 1);
        var array = new NativeArray<long, Metered>(metered, [1, 2, 3]);
        var list = new NativeList<long, Metered>(metered, [1, 2, 3]);
        var queue = new NativeQueue<long, Metered>(metered, 5);
        var priorities = new NativePriorityQueue<long, long, Metered>(metered, 5);
        var text = new NativeUtf8String<Metered>(metered, "text"u8);
        var shared = new NativeRefCounted<long, Metered>(metered, 1);
        Assert.Equal(12, metered.Blocks);
        for (int time = 0; time < 2; time++)
        {
            box.Dispose();
            array.Dispose();
            list.Dispose();
            queue.Dispose();
            priorities.Dispose();
            text.Dispose();
            shared.Dispose();
            Assert.Equal(0, metered.Blocks);
        }

        Assert.Equal(0, metered.WrongLayouts);
    }

    [Fact]
    public void What_is_disposed_throws()
    {
        var box = new NativeBox<int, Heap>(_heap);
        var array = new NativeArray<int, Heap>(_heap, 10);
        var list = new NativeList<int, Heap>(_heap, [1, 2, 3]);
        var queue = new NativeQueue<int, Heap>(_heap, 3);
        var priorities = new NativePriorityQueue<int, int, Heap>(_heap, 3);
        var text = new NativeUtf8String<Heap>(_heap, "text"u8);
        var shared = new NativeRefCounted<int, Heap>(_heap);
        Assert.True(box.IsAlive && array.IsAlive && list.IsAlive && queue.IsAlive);
        Assert.True(priorities.IsAlive && text.IsAlive && shared.IsAlive);
        box.Dispose();
        array.Dispose();
        list.Dispose();
        queue.Dispose();
        priorities.Dispose();
        text.Dispose();
        shared.Dispose();
        Assert.False(box.IsAlive || array.IsAlive || list.IsAlive || queue.IsAlive);
        Assert.False(priorities.IsAlive || text.IsAlive || shared.IsAlive);
        Gone("NativeBox", () => box.Value++);
        Gone("NativeArray", () => array.AsSpan());
        Gone("NativeArray", () => array[0]++);
        Gone("NativeArray", () => array.GetEnumerator());
        Gone("NativeList", () => list.Add(1));
        Gone("NativeList", () => list.AsSpan());
        Gone("NativeList", () => list[0]++);
        Gone("NativeList", () => list.RemoveAt(0));
        Gone("NativeList", () => list.TrimExcess());
        Gone("NativeList", () => list.GetEnumerator());
        Gone("NativeQueue", () => _ = queue.Count);
        Gone("NativeQueue", () => queue.Enqueue(1));
        Gone("NativeQueue", () => queue.Peek());
        Gone("NativePriorityQueue", () => _ = priorities.Count);
        Gone("NativePriorityQueue", () => priorities.Enqueue(1, 1));
        Gone("NativePriorityQueue", () => _ = priorities.UnorderedItems);
        Gone("NativeUtf8String", () => text.Append("more"u8));
        Gone("NativeUtf8String", () => _ = text.ToString());
        Gone("NativeRefCounted", () => shared.AddRef());
        Gone("NativeRefCounted", () => _ = shared.OwnerCount);

        static void Gone(string name, Action act) =>
            Assert.Equal(name, Assert.Throws<ObjectDisposedException>(act).ObjectName);
    }

    [Fact]
    public void The_default_value_throws_and_is_disposed_in_vain()
    {
        NativeList<int, Heap> list = default;
        NativeBox<int, Heap> box = default;
        NativeArray<int, Heap> array = default;
        NativeUtf8String<Heap> text = default;
        list.Dispose();
        box.Dispose();
        array.Dispose();
        default(NativeQueue<int, Heap>).Dispose();
        default(NativeRefCounted<int, Heap>).Dispose();
        Assert.False(list.IsAlive || box.IsAlive || array.IsAlive || text.IsAlive);
        Assert.IsNotType<ObjectDisposedException>(
            Assert.Throws<InvalidOperationException>(() => list.Add(1)));
        Assert.Contains(
            "NativeBox", Assert.Throws<InvalidOperationException>(() => box.Value++).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => array.AsSpan());
        Assert.Throws<InvalidOperationException>(() => text.Append('x'));
        Assert.Throws<InvalidOperationException>(() => list.GetEnumerator());

        // Without a test of its own, as for a null reference to the twin.
        Assert.Throws<NullReferenceException>(() => list[0]++);
        Assert.Throws<NullReferenceException>(() => list.Count);
        Assert.Throws<NullReferenceException>(() => list.RemoveAt(0));
        Assert.Throws<NullReferenceException>(() => array.Length);
    }

    [Fact]
    public void A_list_at_the_place_of_a_disposed_one_is_another()
    {
        var list = new NativeList<int, Heap>(_heap);
        NativeList<int, Heap> stale = list;
        list.Dispose();
        var others = new NativeList<NativeList<int, Heap>, Heap>(_heap);
        for (int count = 0; count < 1000; count++)
        {
            others.Add(new NativeList<int, Heap>(_heap));
        }

        Assert.False(stale.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => stale.Add(1));
        stale.Dispose();
        foreach (NativeList<int, Heap> other in others)
        {
            Assert.Empty(other);
        }
    }

    [Fact]
    public void In_checked_builds_every_member_tells_what_is_gone() =>
        CheckedLibrary.Run(typeof(LifetimeTests), nameof(UseWhatIsGone));

    internal static void UseWhatIsGone()
    {
        Assert.True(Checks.Enabled);
        NativeList<int, SystemHeap> list = default;
        Assert.Throws<InvalidOperationException>(() => list[0]++);
        Assert.Throws<InvalidOperationException>(() => list.Count);
        Assert.Throws<InvalidOperationException>(() => list.RemoveAt(0));
        var array = new NativeArray<int, SystemHeap>(default, 5);
        array.Dispose();
        Assert.Throws<ObjectDisposedException>(() => array.Length);
        Assert.Throws<ObjectDisposedException>(() => array[0]);
    }

    [Fact]
    public void A_function_that_disposes_or_changes_the_list_does_no_harm()
    {
        var list = new NativeList<int, Heap>(_heap, [1, 2, 3]);
        Assert.Equal(1000, list.RemoveAll(item =>
        {
            if (list.Count < 1000)
            {
                list.Add(item);
            }

            return true;
        }));
        Assert.Empty(list);
        list.Add(1);
        Assert.Throws<ObjectDisposedException>(() => list.RemoveAll(_ =>
        {
            list.Dispose();
            return false;
        }));
    }

    [Fact]
    public void Copies_are_the_same_collection()
    {
        var list = new NativeList<int, Heap>(_heap);
        NativeList<int, Heap> copy = list;
        copy.Add(1);
        for (int item = 2; item < 100; item++)
        {
            list.Add(item);
        }

        Assert.Equal(99, copy.Count);
        Assert.True(Unsafe.AreSame(ref list[50], ref copy[50]));
        copy.Dispose();
        Assert.False(list.IsAlive);
    }

    [Fact]
    public void Collections_are_elements_of_collections()
    {
        using var bump = new Bump<Local>(16.MiB());
        var lists = new NativeList<NativeList<int, Bump<Local>>, Bump<Local>>(bump);
        var names = new NativeQueue<NativeUtf8String<Bump<Local>>, Bump<Local>>(bump);
        for (int row = 0; row < 50; row++)
        {
            var list = new NativeList<int, Bump<Local>>(bump);
            lists.Add(list);
            for (int item = 0; item < row; item++)
            {
                list.Add(item * row);
            }

            names.Enqueue(new NativeUtf8String<Bump<Local>>(bump, $"row {row}"));
        }

        for (int row = 1; row < 50; row++)
        {
            Assert.Equal(row, lists[row].Count);
            Assert.Equal((row - 1) * row, lists[row][^1]);
        }

        Assert.True(names.Dequeue().Equals("row 0"u8));
    }

    [Fact]
    public void The_runtime_may_order_the_fields_of_a_value()
    {
        using var box = new NativeBox<(byte, Guid, DateTime), Heap>(
            _heap, (1, Guid.AllBitsSet, DateTime.UnixEpoch));
        using var wide = new NativeBox<Int128, Metered>(Metered.Create(), Int128.MaxValue);
        Assert.Equal((1, Guid.AllBitsSet, DateTime.UnixEpoch), box.Value);
        Assert.Equal(Int128.MaxValue, wide.Value);
        fixed (Int128* value = &wide.Value)
        {
            Assert.Equal(0u, (nuint)value % (nuint)sizeof(Int128));
        }
    }
}
