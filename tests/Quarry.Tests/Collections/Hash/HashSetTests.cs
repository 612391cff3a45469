using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What the set promises by itself, promise by promise.</summary>
public sealed class HashSetTests : IDisposable
{
    private readonly Metered _memory = Metered.Create();
    private readonly NativeHashSet<long, Metered> _set;

    public HashSetTests() => _set = new NativeHashSet<long, Metered>(_memory);

    public void Dispose()
    {
        _set.Dispose();
        Assert.Equal(0, _memory.Blocks);
        Assert.Equal(0, _memory.WrongLayouts);
        _memory.Dispose();
    }

    [Fact]
    public void An_element_is_there_once()
    {
        Assert.True(_set.Add(5));
        Assert.False(_set.Add(5));
        Assert.Single(_set);
        Assert.True(_set.Contains(5) && !_set.Contains(6));
        Assert.True(_set.Remove(5));
        Assert.False(_set.Remove(5));
        Assert.Empty(_set);
    }

    [Fact]
    public void The_element_that_is_there_is_handed_out()
    {
        using var set = new NativeHashSet<HashedBy<int, Parity>, Metered>(_memory);
        set.Add(3);
        Assert.True(set.TryGetValue(7, out HashedBy<int, Parity> actual) && actual.Value == 3);
        Assert.False(set.TryGetValue(8, out actual));
        Assert.Equal(0, actual.Value);
    }

    [Fact]
    public void Elements_come_in_the_order_they_were_added()
    {
        long[] elements = [.. Enumerable.Range(0, 1000).Select(i => (long)i * 7919 % 1009)];
        _set.UnionWith(elements);
        Assert.Equal(elements, _set.ToArray());
        long[] copied = new long[1001];
        _set.CopyTo(copied);
        Assert.Equal([.. elements, 0], copied);
        Assert.Throws<ArgumentException>(() => _set.CopyTo(new long[999]));
    }

    [Fact]
    public void Elements_that_meet_a_condition_are_removed()
    {
        _set.UnionWith(Enumerable.Range(0, 100).Select(i => (long)i));
        Assert.Equal(50, _set.RemoveWhere(element => element % 2 == 0));
        Assert.Equal(50, _set.Count);
        Assert.DoesNotContain(_set, element => element % 2 == 0);
    }

    [Fact]
    public void Capacity_is_made_once()
    {
        Assert.True(_set.EnsureCapacity(100) >= 100);
        nint bytes = _memory.Bytes;
        _set.UnionWith(Enumerable.Range(0, 100).Select(i => (long)i));
        Assert.Equal(bytes, _memory.Bytes);
        _set.ExceptWith(Enumerable.Range(10, 90).Select(i => (long)i));
        _set.TrimExcess();
        Assert.InRange(_set.Capacity, 10, 11);
        Assert.True(_set.SetEquals([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        _set.Clear();
        Assert.Empty(_set);
    }

    [Fact]
    public void It_serves_where_a_read_only_set_is_asked_for()
    {
        _set.UnionWith([1, 2]);
        Assert.True(IsOneToTwo(_set));
        static bool IsOneToTwo(IReadOnlySet<long> set) => set.Count == 2 && set.SetEquals([2, 1]);
    }

    private readonly struct Parity : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => ((x ^ y) & 1) == 0;

        public int GetHashCode(int obj) => obj & 1;
    }
}
