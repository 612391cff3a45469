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
}
