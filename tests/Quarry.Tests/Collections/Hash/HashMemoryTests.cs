using System;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What happens where there is no memory.</summary>
public sealed class HashMemoryTests : IDisposable
{
    private readonly Metered _memory = Metered.Create();

    public void Dispose()
    {
        Assert.Equal(0, _memory.Blocks);
        Assert.Equal(0, _memory.WrongLayouts);
        _memory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_cannot_be_made_leaves_nothing(int served)
    {
        _memory.FailAfter(served);
        Assert.Throws<OutOfMemoryException>(() => new NativeDictionary<int, int, Metered>(_memory, 100));
        _memory.FailAfter(served);
        Assert.False(NativeDictionary<int, int, Metered>.TryCreate(
            _memory, 100, out NativeDictionary<int, int, Metered> dictionary));
        _memory.FailAfter(served);
        Assert.False(NativeHashSet<int, Metered>.TryCreate(
            _memory, 100, out NativeHashSet<int, Metered> set));
        dictionary.Dispose();
        set.Dispose();
    }

    [Fact]
    public void What_can_be_made_is_made()
    {
        Assert.True(NativeDictionary<int, int, Metered>.TryCreate(_memory, 100, out var dictionary));
        Assert.True(NativeHashSet<int, Metered>.TryCreate(_memory, 100, out var set));
        Assert.True(dictionary.Capacity >= 100 && set.Capacity >= 100);
        dictionary.Dispose();
        set.Dispose();
    }

    [Fact]
    public void A_dictionary_that_cannot_grow_is_unchanged_and_names_the_figures()
    {
        using NativeDictionary<int, int, Metered> dictionary =
            new(_memory, capacity: 3) { { 1, 1 }, { 2, 2 }, { 3, 3 } };
        _memory.FailAfter(0);

        // 7 entries of 12 bytes, 7 buckets of 4.
        OutOfMemoryException exception = Assert.Throws<OutOfMemoryException>(() => dictionary.Add(4, 4));
        Assert.Contains("112 bytes", exception.Message, StringComparison.Ordinal);
        Assert.Throws<OutOfMemoryException>(() => dictionary.TryAdd(4, 4));
        Assert.Throws<OutOfMemoryException>(() => dictionary[4] = 4);
        Assert.Throws<OutOfMemoryException>(() => dictionary.GetValueRefOrAddDefault(4, out _) = 4);
        Assert.Throws<OutOfMemoryException>(() => dictionary.EnsureCapacity(10));
        Assert.False(dictionary.TryEnsureCapacity(10));
        Assert.Equal([1, 2, 3], dictionary.Keys);
        dictionary[3] = 30;
        Assert.Equal(30, dictionary[3]);
        Assert.True(dictionary.Remove(1));
        dictionary.Add(4, 4);
        Assert.Equal(4, dictionary[4]);
    }

    [Fact]
    public void A_set_that_cannot_grow_is_unchanged()
    {
        using var set = new NativeHashSet<int, Metered>(_memory, capacity: 3) { 1, 2, 3 };
        _memory.FailAfter(0);
        Assert.Throws<OutOfMemoryException>(() => set.Add(4));
        Assert.False(set.Add(3));
        Assert.Equal([1, 2, 3], set.ToArray());
    }

    [Fact]
    public void The_first_table_is_worth_a_block()
    {
        using NativeDictionary<int, int, Metered> small = new(_memory) { { 1, 1 } };
        using NativeDictionary<Int128, Int128, Metered> large = new(_memory) { { 1, 1 } };
        Assert.Equal((7, 3), (small.Capacity, large.Capacity));
    }

    [Fact]
    public void Room_that_was_made_is_enough()
    {
        using var dictionary = new NativeDictionary<int, int, Metered>(_memory);
        Assert.True(dictionary.TryEnsureCapacity(1000));
        _memory.FailAfter(0);
        for (int key = 0; key < 1000; key++)
        {
            dictionary.Add(key, key);
        }

        Assert.Equal(1000, dictionary.Count);
    }

    [Fact]
    public void A_table_that_cannot_be_trimmed_stays_as_it_is()
    {
        using var set = new NativeHashSet<int, Metered>(_memory, 1000);
        set.UnionWith(Enumerable.Range(0, 500));
        set.ExceptWith(Enumerable.Range(100, 300));
        int capacity = set.Capacity;
        _memory.FailAfter(0);
        set.TrimExcess();
        Assert.Equal(capacity, set.Capacity);
        Assert.Equal([.. Enumerable.Range(0, 100), .. Enumerable.Range(400, 100)], set.ToArray());
        Assert.True(set.All(set.Contains) && !set.Contains(100));
    }

    [Fact]
    public void The_largest_capacity_is_a_request_as_any_other()
    {
        using var set = new NativeHashSet<int, Metered>(_memory) { 1 };
        Assert.False(set.TryEnsureCapacity(int.MaxValue));
        OutOfMemoryException exception = Assert.Throws<OutOfMemoryException>(
            () => set.EnsureCapacity(int.MaxValue));
        Assert.Contains($"{12L * int.MaxValue} bytes", exception.Message, StringComparison.Ordinal);
        Assert.Throws<OutOfMemoryException>(
            () => new NativeDictionary<Int128, Wide, Metered>(_memory, int.MaxValue));
        Assert.Equal([1], set.ToArray());
    }

    private unsafe struct Wide
    {
        public fixed byte Bytes[1 << 20];
    }
}
