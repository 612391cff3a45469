using System;
using System.Collections.Generic;

namespace Quarry.Tests.Collections;

/// <summary>One collection of each kind on an allocator, and ways to use it.</summary>
/// <param name="Name">The name in exceptions.</param>
/// <param name="IsAlive">Reads the property of that name.</param>
/// <param name="Dispose">Disposes the collection.</param>
/// <param name="Uses">Members of each sort: those that change it, read it, count it, enumerate it.</param>
internal sealed record EveryCollection(string Name, Func<bool> IsAlive, Action Dispose, Action[] Uses)
{
    internal static List<EveryCollection> Create<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator => Over(
            new NativeBox<int, TAllocator>(allocator, 1),
            new NativeArray<int, TAllocator>(allocator, 4),
            new NativeList<int, TAllocator>(allocator, [1, 2, 3]),
            new NativeQueue<int, TAllocator>(allocator, 4),
            new NativePriorityQueue<int, int, TAllocator>(allocator, 4),
            new NativeUtf8String<TAllocator>(allocator, "text"u8),
            new NativeRefCounted<int, TAllocator>(allocator, 1),
            new NativeDictionary<int, int, TAllocator>(allocator, 4),
            new NativeHashSet<int, TAllocator>(allocator, 4));

    internal static List<EveryCollection> Default<TAllocator>() where TAllocator : unmanaged, IAllocator =>
        Over<TAllocator>(default, default, default, default, default, default, default, default, default);

    private static List<EveryCollection> Over<TAllocator>(
        NativeBox<int, TAllocator> box,
        NativeArray<int, TAllocator> array,
        NativeList<int, TAllocator> list,
        NativeQueue<int, TAllocator> queue,
        NativePriorityQueue<int, int, TAllocator> priorities,
        NativeUtf8String<TAllocator> text,
        NativeRefCounted<int, TAllocator> shared,
        NativeDictionary<int, int, TAllocator> index,
        NativeHashSet<int, TAllocator> set)
        where TAllocator : unmanaged, IAllocator =>
        [
            new("NativeBox", () => box.IsAlive, box.Dispose, [() => box.Value++, () => _ = box.Allocator]),
            new("NativeArray", () => array.IsAlive, array.Dispose,
                [() => array[0]++, () => _ = array.Length, () => array.AsSpan(),
                    () => array.GetEnumerator()]),
            new("NativeList", () => list.IsAlive, list.Dispose,
                [() => list.Add(1), () => list[0]++, () => _ = list.Count, () => list.RemoveAt(0),
                    () => _ = list.Capacity, () => list.AsSpan(), () => list.GetEnumerator()]),
            new("NativeQueue", () => queue.IsAlive, queue.Dispose,
                [() => queue.Enqueue(1), () => _ = queue.Count, () => queue.GetEnumerator()]),
            new("NativePriorityQueue", () => priorities.IsAlive, priorities.Dispose,
                [() => priorities.Enqueue(1, 1), () => _ = priorities.Count]),
            new("NativeUtf8String", () => text.IsAlive, text.Dispose,
                [() => text.Append('x'), () => _ = text.Length, () => _ = text.ToString()]),
            new("NativeRefCounted", () => shared.IsAlive, shared.Dispose,
                [() => shared.Value++, () => shared.AddRef(), () => _ = shared.OwnerCount]),
            new("NativeDictionary", () => index.IsAlive, index.Dispose,
                [() => index.Add(1, 1), () => _ = index.Count, () => index.ContainsKey(1),
                    () => index.GetEnumerator(), () => _ = index.Allocator]),
            new("NativeHashSet", () => set.IsAlive, set.Dispose,
                [() => set.Add(1), () => _ = set.Count, () => set.Contains(1), () => set.GetEnumerator()]),
        ];
}
