using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Quarry.Tests.Surface;

/// <summary>What a debugger shows of collections and allocators.</summary>
public sealed class DebuggerViewTests
{
    public static TheoryData<Type> Handles =>
    [
        .. typeof(Heap).Assembly.GetExportedTypes().Where(type => type.IsValueType && !type.IsNested
            && typeof(IDisposable).IsAssignableFrom(type) && !type.IsByRefLike && IsHandle(type)),
    ];

    [Theory]
    [MemberData(nameof(Handles))]
    public void Every_handle_has_a_text_of_its_own(Type type)
    {
        string text = type.GetCustomAttribute<DebuggerDisplayAttribute>()!.Value!;
        string member = text.Split('{', ',', '}')[1];
        Assert.NotEmpty(type.GetMember(
            member, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic));
    }

    [Fact]
    public void Collections_show_their_elements()
    {
        using Heap heap = new();
        using var array = new NativeArray<int, Heap>(heap, [1, 2]);
        using var list = new NativeList<int, Heap>(heap, [3, 4]);
        using var queue = new NativeQueue<int, Heap>(heap, 4);
        using var set = new NativeHashSet<int, Heap>(heap, [6]);
        using var index = new NativeDictionary<int, long, Heap>(heap, [KeyValuePair.Create(7, 8L)]);
        using var priorities = new NativePriorityQueue<int, long, Heap>(heap, 4);
        queue.Enqueue(5);
        priorities.Enqueue(9, 10);
        Assert.Equal<object>((int[])[1, 2], ItemsOf(array));
        Assert.Equal<object>((int[])[3, 4], ItemsOf(list));
        Assert.Equal<object>((int[])[5], ItemsOf(queue));
        Assert.Equal<object>((int[])[6], ItemsOf(set));
        Assert.Equal<object>((KeyValuePair<int, long>[])[new(7, 8)], ItemsOf(index));
        Assert.Equal<object>((KeyValuePair<int, long>[])[new(9, 10)], ItemsOf(priorities));
        Assert.Equal("Count = 2", TextOf(list));
        Assert.Equal("Count = 1", TextOf(index));
    }

    [Fact]
    public void A_handle_that_is_not_alive_is_shown_without_harm()
    {
        Heap heap = new();
        var list = new NativeList<int, Heap>(heap, [3, 4]);
        var text = new NativeUtf8String<Heap>(heap, "text"u8);
        Assert.Equal("\"text\"", TextOf(text));
        Assert.EndsWith("bytes used", TextOf(heap), StringComparison.Ordinal);
        heap.Dispose();
        Assert.Equal<object>(Array.Empty<int>(), ItemsOf(list));
        Assert.Equal<object>(Array.Empty<int>(), ItemsOf(default(NativeQueue<int, Heap>)));
        object[] dead =
        [
            list, text, heap, default(NativeArray<int, Heap>), default(NativeDictionary<int, int, Heap>),
            default(Arena), default(Bump<Local>), default(Pool<Heap>), default(Limited<Heap>),
            default(NativeBox<int, Heap>), default(NativeRefCounted<int, Heap>), default(Counting<Heap>),
            default(NativePriorityQueue<int, int, Heap>), default(NativeHashSet<int, Heap>),
            default(FixedBuffer),
        ];
        Assert.All(dead, handle => Assert.Equal("not alive", TextOf(handle)));
    }

    private static bool IsHandle(Type type) =>
        type.Name.StartsWith("Native", StringComparison.Ordinal)
        || (typeof(IAllocator).IsAssignableFrom(type) && type != typeof(PageAllocator));

    private static string TextOf(object handle) => (string)handle.GetType()
        .GetProperty("DebuggerText", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(handle)!;

    private static object ItemsOf(object handle)
    {
        Type type = handle.GetType();
        Type view = Type.GetType(type.GetCustomAttribute<DebuggerTypeProxyAttribute>()!.ProxyTypeName)!;
        object proxy = Activator.CreateInstance(view.MakeGenericType(type.GetGenericArguments()), handle)!;
        return proxy.GetType().GetProperty("Items")!.GetValue(proxy)!;
    }
}
