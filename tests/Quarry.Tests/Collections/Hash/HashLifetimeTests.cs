using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Copies, disposing, and that the garbage collector has no part in it.</summary>
public sealed class HashLifetimeTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_copy_is_the_same_collection()
    {
        var dictionary = new NativeDictionary<int, int, Heap>(_heap);
        NativeDictionary<int, int, Heap> copy = dictionary;
        for (int key = 0; key < 1000; key++)
        {
            copy.Add(key, key);
        }

        Assert.Equal(1000, dictionary.Count);
        dictionary.Dispose();
        Assert.Throws<ObjectDisposedException>(() => copy.Count);
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
    }

    [Fact]
    public void Disposing_twice_does_no_harm()
    {
        var first = new NativeDictionary<int, int, Heap>(_heap, 10);
        first.Dispose();
        using var second = new NativeDictionary<int, int, Heap>(_heap, 10) { { 1, 2 } };
        first.Dispose();
        Assert.Equal(2, second[1]);
        var set = new NativeHashSet<int, Heap>(_heap, 10);
        set.Dispose();
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Count);
    }

    [Fact]
    public void Every_member_of_a_disposed_dictionary_says_so()
    {
        var dictionary = new NativeDictionary<int, int, Heap>(_heap) { { 1, 1 } };
        NativeDictionary<int, int, Heap>.Enumerator entries = dictionary.GetEnumerator();
        dictionary.Dispose();
        Action[] members =
        [
            () => _ = dictionary.Count, () => _ = dictionary.Capacity, () => _ = dictionary[1],
            () => dictionary[1] = 2, () => dictionary.Add(1, 2), () => dictionary.TryAdd(1, 2),
            () => dictionary.TryGetValue(1, out _), () => dictionary.ContainsKey(1),
            () => dictionary.ContainsValue(1), () => dictionary.GetValueRefOrNullRef(1) = 1,
            () => dictionary.GetValueRefOrAddDefault(1, out _) = 1, () => dictionary.Remove(1),
            () => dictionary.Remove(1, out _), dictionary.Clear, () => dictionary.EnsureCapacity(1),
            () => dictionary.TryEnsureCapacity(1), dictionary.TrimExcess, () => dictionary.TrimExcess(1),
            () => dictionary.GetEnumerator(), () => dictionary.Keys.GetEnumerator(),
            () => _ = dictionary.Values.Count, () => entries.MoveNext(),
        ];
        Assert.All(members, member =>
        {
            ObjectDisposedException exception = Assert.Throws<ObjectDisposedException>(member);
            Assert.Equal("NativeDictionary", exception.ObjectName);
        });
    }

    [Fact]
    public void Every_member_of_a_disposed_set_says_so()
    {
        var set = new NativeHashSet<int, Heap>(_heap) { 1 };
        using var other = new NativeHashSet<int, Heap>(_heap) { 1 };
        NativeHashSet<int, Heap>.Enumerator elements = set.GetEnumerator();
        set.Dispose();
        Action[] members =
        [
            () => _ = set.Count, () => _ = set.Capacity, () => set.Add(1), () => set.Contains(1),
            () => set.TryGetValue(1, out _), () => set.Remove(1), () => set.RemoveWhere(_ => true), set.Clear,
            () => set.CopyTo([]), () => set.EnsureCapacity(1), () => set.TryEnsureCapacity(1), set.TrimExcess,
            () => set.GetEnumerator(), () => elements.MoveNext(), () => set.UnionWith(other),
            () => set.ExceptWith([1]), () => set.IntersectWith(other), () => set.IntersectWith([]),
            () => set.SymmetricExceptWith([]), () => set.SetEquals([]), () => other.IsSubsetOf(set),
        ];
        Assert.All(members, member =>
        {
            ObjectDisposedException exception = Assert.Throws<ObjectDisposedException>(member);
            Assert.Equal("NativeHashSet", exception.ObjectName);
        });
    }

    [Fact]
    public void The_default_value_is_no_collection_and_says_so()
    {
        NativeDictionary<int, int, Heap> dictionary = default;
        NativeHashSet<int, Heap> set = default;
        Assert.Throws<InvalidOperationException>(() => dictionary.Count);
        Assert.Throws<InvalidOperationException>(() => set.Add(1));
        dictionary.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Nothing_is_allocated_from_the_garbage_collector()
    {
        Assert.True(Use(10_000) > 0);
        AllocationAssert.None(() => Use(100));
    }

    private long Use(int count)
    {
        using var dictionary = new NativeDictionary<Guid, DayOfWeek, Heap>(_heap);
        using var set = new NativeHashSet<DayOfWeek, Heap>(_heap);
        using var numbers = new NativeHashSet<long, Heap>(_heap);
        long sum = 0;
        for (int number = 0; number < count; number++)
        {
            dictionary[new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)] = (DayOfWeek)(number % 7);
            set.Add((DayOfWeek)(number % 7));
            numbers.Add(number);
        }

        foreach ((Guid key, DayOfWeek value) in dictionary)
        {
            sum += set.Contains(value) && dictionary.ContainsValue(value) ? 1 : 0;
            dictionary.Remove(key);
        }

        numbers.IntersectWith([1, 2, 3]);
        numbers.SymmetricExceptWith([3, 4]);
        foreach (long number in numbers)
        {
            sum += number;
        }

        dictionary.TrimExcess();
        return sum + (numbers.IsSubsetOf([1, 2, 4]) ? 1 : 0);
    }
}
