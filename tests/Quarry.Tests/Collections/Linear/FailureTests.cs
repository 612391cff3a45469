using System;
using System.Globalization;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What happens when there is no memory, or the numbers are impossible.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly Metered _metered = Metered.Create();

    public void Dispose()
    {
        Assert.Equal(0, _metered.Blocks);
        _metered.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_cannot_be_made_leaves_nothing_behind(int served)
    {
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeArray<int, Metered>(_metered, 5));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeArray<int, Metered>(_metered, [1, 2]));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeList<int, Metered>(_metered, 5));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeList<int, Metered>(_metered, [1, 2]));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeQueue<int, Metered>(_metered, 5));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativePriorityQueue<int, int, Metered>(_metered, 5));
        FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeUtf8String<Metered>(_metered, "text"u8));
        FailAfter(served);
        Assert.False(NativeArray<int, Metered>.TryCreate(_metered, 5, out _));
        FailAfter(served);
        Assert.False(NativeList<int, Metered>.TryCreate(_metered, 5, out _));
        FailAfter(served);
        Assert.False(NativeQueue<int, Metered>.TryCreate(_metered, 5, out _));
        FailAfter(served);
        Assert.False(NativePriorityQueue<int, int, Metered>.TryCreate(_metered, 5, out _));
        FailAfter(served);
        Assert.False(NativeUtf8String<Metered>.TryCreate(_metered, 5, out _));
    }

    [Fact]
    public void A_box_needs_one_block()
    {
        FailAfter(0);
        Assert.Throws<OutOfMemoryException>(() => new NativeBox<int, Metered>(_metered));
        Assert.False(NativeBox<int, Metered>.TryCreate(_metered, 1, out _));
        Assert.Throws<OutOfMemoryException>(() => new NativeRefCounted<int, Metered>(_metered));
        Assert.False(NativeRefCounted<int, Metered>.TryCreate(_metered, 1, out _));
        FailAfter(2);
        Assert.True(NativeBox<int, Metered>.TryCreate(_metered, 7, out NativeBox<int, Metered> box));
        Assert.True(NativeRefCounted<int, Metered>.TryCreate(_metered, 8, out var shared));
        Assert.Equal((7, 8), (box.Value, shared.Value));
        box.Dispose();
        shared.Dispose();
    }

    [Fact]
    public void A_text_of_more_bytes_than_characters_leaves_nothing_behind()
    {
        FailAfter(2);
        Assert.Throws<OutOfMemoryException>(() => new NativeUtf8String<Metered>(_metered, "größer"));
    }

    [Fact]
    public void A_list_that_cannot_grow_is_unchanged()
    {
        using var list = new NativeList<int, Metered>(_metered, [1, 2, 3, 4]);
        FailAfter(0);
        Assert.Throws<OutOfMemoryException>(() => list.Add(5));
        Assert.Throws<OutOfMemoryException>(() => list.AddRange([5, 6]));
        Assert.Throws<OutOfMemoryException>(() => list.Insert(0, 5));
        Assert.Throws<OutOfMemoryException>(() => list.InsertRange(2, [5]));
        Assert.Throws<OutOfMemoryException>(() => list.EnsureCapacity(100));
        Assert.Throws<OutOfMemoryException>(() => list.SetCount(100));
        Assert.Throws<OutOfMemoryException>(() => list.Capacity = 100);
        Assert.False(list.TryAdd(5));
        Assert.False(list.TryAddRange([5, 6]));
        Assert.False(list.TryInsert(1, 5));
        Assert.False(list.TryInsertRange(1, [5]));
        Assert.False(list.TryEnsureCapacity(100));
        Assert.Equal([1, 2, 3, 4], list.ToArray());
        Assert.Equal(4, list.Capacity);
        FailAfter(int.MaxValue);
        Assert.True(list.TryAdd(5) && list.TryAddRange([6]) && list.TryInsert(0, 0));
        Assert.True(list.TryInsertRange(1, [10, 11]) && list.TryEnsureCapacity(100));
        Assert.Equal([0, 10, 11, 1, 2, 3, 4, 5, 6], list.ToArray());
    }

    [Fact]
    public void A_text_that_cannot_grow_is_unchanged()
    {
        using var text = new NativeUtf8String<Metered>(_metered, "text"u8);
        FailAfter(0);
        Assert.Throws<OutOfMemoryException>(() => text.Append("more"u8));
        Assert.Throws<OutOfMemoryException>(() => text.Append("more"));
        Assert.Throws<OutOfMemoryException>(() => text.Append(12));
        Assert.Throws<OutOfMemoryException>(() => text.Append($"{1}"));
        Assert.Throws<OutOfMemoryException>(() => text.EnsureCapacity(100));
        Assert.False(text.TryAppend("more"u8) || text.TryAppend("more") || text.TryAppend(12));
        Assert.False(text.TryEnsureCapacity(100));
        FailAfter(1);
        (string wide, string wider) = (new('x', 2000), new('x', 20_000));
        Assert.Throws<OutOfMemoryException>(() => text.Append($"{1} and {wide} and {wider}"));
        Assert.Equal("text", text.ToString());
    }

    [Fact]
    public void Near_the_end_of_memory_a_list_grows_as_far_as_it_needs()
    {
        using var bump = new Bump<Local>(1.MiB());
        var list = new NativeList<byte, Bump<Local>>(bump, 700 << 10);
        var block = new byte[1 << 10];
        while (list.TryAddRange(block))
        {
            Assert.True(list.LongCount <= 1 << 20);
        }

        Assert.InRange(list.Count, 1000 << 10, 1024 << 10);
    }

    [Fact]
    public void The_exception_tells_the_figures()
    {
        string message = Assert.Throws<OutOfMemoryException>(
            () => new NativeList<long, Metered>(_metered, nint.MaxValue)).Message;
        string figure = nint.MaxValue.ToString(CultureInfo.InvariantCulture);
        Assert.Contains(figure, message, StringComparison.Ordinal);
        FailAfter(1);
        message = Assert.Throws<OutOfMemoryException>(
            () => new NativeArray<long, Metered>(_metered, 1000)).Message;
        Assert.Contains("8000 bytes aligned to 8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        using var list = new NativeList<long, Metered>(_metered, [1, 2, 3]);
        using var queue = new NativeQueue<long, Metered>(_metered);
        Refused("length", () => _ = new NativeArray<int, Metered>(_metered, -1));
        Refused("capacity", () => _ = new NativeList<int, Metered>(_metered, -1));
        Refused("capacity", () => _ = new NativeQueue<int, Metered>(_metered, -1));
        Refused("capacity", () => _ = new NativePriorityQueue<int, int, Metered>(_metered, -1));
        Refused("capacity", () => _ = new NativeUtf8String<Metered>(_metered, -1));
        Refused("capacity", () => list.EnsureCapacity(-1));
        Refused("capacity", () => queue.EnsureCapacity(-1));
        Refused("index", () => list[3]++);
        Refused("index", () => list[-1]++);
        Refused("index", () => list[nint.MinValue]++);
        Refused("index", () => list.RemoveAt(nint.MaxValue));
        Refused("index", () => list.Insert(4, 1));
        Refused("index", () => list.AsSpan(-1, 1));
        Assert.Throws<ArgumentException>(() => list.AsSpan(nint.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentException>(() => list.RemoveRange(1, nint.MaxValue));
        Assert.Throws<OutOfMemoryException>(() => list.EnsureCapacity(nint.MaxValue));
        Assert.Throws<OutOfMemoryException>(() => queue.EnsureCapacity(nint.MaxValue));
        Assert.Equal([1, 2, 3], list.ToArray());

        static void Refused(string parameter, Action act) =>
            Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(act).ParamName);
    }

    private void FailAfter(int requests) => _metered.FailAfter(requests);
}
