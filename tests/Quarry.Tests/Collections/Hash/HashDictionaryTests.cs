using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What the dictionary promises, promise by promise.</summary>
public sealed class HashDictionaryTests : IDisposable
{
    private readonly Metered _memory = Metered.Create();
    private readonly NativeDictionary<int, long, Metered> _dictionary;

    public HashDictionaryTests() => _dictionary = new NativeDictionary<int, long, Metered>(_memory);

    public void Dispose()
    {
        _dictionary.Dispose();
        Assert.Equal(0, _memory.Blocks);
        Assert.Equal(0, _memory.WrongLayouts);
        _memory.Dispose();
    }

    [Fact]
    public void A_new_one_is_empty_and_has_no_block_for_entries()
    {
        Assert.Equal((0, 0, 1), (_dictionary.Count, _dictionary.Capacity, _memory.Blocks));
        Assert.False(_dictionary.ContainsKey(0));
        Assert.False(_dictionary.Remove(0));
        Assert.Empty(_dictionary);
    }

    [Fact]
    public void A_key_that_is_not_there_is_named()
    {
        KeyNotFoundException exception = Assert.Throws<KeyNotFoundException>(() => _dictionary[4711]);
        Assert.Contains("4711", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_there_is_not_added_again()
    {
        _dictionary.Add(4711, 1);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => _dictionary.Add(4711, 2));
        Assert.Contains("4711", exception.Message, StringComparison.Ordinal);
        Assert.False(_dictionary.TryAdd(4711, 3));
        Assert.Equal(1, _dictionary[4711]);
    }

    [Fact]
    public void A_value_is_found_and_changed_where_it_lies()
    {
        _dictionary[1] = 10;
        _dictionary.GetValueRefOrNullRef(1)++;
        Assert.Equal(11, _dictionary[1]);
        Assert.True(Unsafe.IsNullRef(ref _dictionary.GetValueRefOrNullRef(2)));
        Assert.Single(_dictionary);
    }

    [Fact]
    public void A_value_that_is_added_by_reference_is_the_default()
    {
        _dictionary[7] = 5;
        Assert.True(_dictionary.Remove(7));
        ref long value = ref _dictionary.GetValueRefOrAddDefault(7, out bool exists);
        Assert.True(!exists && value == 0);
        value = 3;
        Assert.Equal(3, _dictionary.GetValueRefOrAddDefault(7, out exists));
        Assert.True(exists);
    }

    [Fact]
    public void Values_are_found_by_looking_at_all()
    {
        _dictionary[1] = 10;
        _dictionary[2] = 20;
        Assert.True(_dictionary.ContainsValue(20));
        _dictionary.Remove(2);
        Assert.False(_dictionary.ContainsValue(20));
    }

    [Fact]
    public void Capacity_is_made_once_and_kept_by_clearing()
    {
        int capacity = _dictionary.EnsureCapacity(1000);
        Assert.True(capacity >= 1000 && capacity == _dictionary.Capacity);
        Assert.Equal(capacity, _dictionary.EnsureCapacity(10));
        nint bytes = _memory.Bytes;
        Fill(1000);
        _dictionary.Clear();
        Fill(1000);
        Assert.Equal(bytes, _memory.Bytes);
    }

    [Fact]
    public void Memory_is_no_more_than_the_BCL_takes()
    {
        // Its capacities are these primes too. Both pad this entry to 24 bytes; a bucket takes 4.
        var model = new Dictionary<int, long>();
        for (int number = 0; number < 100_000; number++)
        {
            model.Add(number, number);
            _dictionary.Add(number, number);
            Assert.Equal(model.Capacity, _dictionary.Capacity);
        }

        const int Object = 80, ArrayHeaders = 2 * 16;
        Assert.InRange(_memory.Bytes, 1, ((24 + 4) * model.Capacity) + Object + ArrayHeaders);
    }

    [Fact]
    public void Trimming_gives_memory_back_and_keeps_the_order()
    {
        Fill(1000);
        for (int key = 0; key < 1000; key++)
        {
            Assert.True(key % 10 == 3 || _dictionary.Remove(key));
        }

        long[] values = [.. _dictionary.Values];
        nint bytes = _memory.Bytes;
        _dictionary.TrimExcess();
        Assert.InRange(_dictionary.Capacity, 100, 120);
        Assert.True(_memory.Bytes < bytes / 5);
        Assert.Equal(values, _dictionary.Values);
        Assert.True(values.Length == 100 && values.All(value => _dictionary[(int)value] == value));
        _dictionary.Clear();
        _dictionary.TrimExcess();
        Assert.Equal((0, 1), (_dictionary.Capacity, _memory.Blocks));
        Fill(10);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Fill(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => _dictionary.EnsureCapacity(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dictionary.TryEnsureCapacity(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dictionary.TrimExcess(9));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new NativeDictionary<int, long, Metered>(_memory, -1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => NativeDictionary<int, long, Metered>.TryCreate(_memory, -1, out _));
    }

    [Fact]
    public void A_million_keys()
    {
        Fill(1_000_000);
        for (int key = 0; key < 1_000_000; key++)
        {
            Assert.True(_dictionary.TryGetValue(key, out long value) && value == key);
        }

        Assert.False(_dictionary.ContainsKey(1_000_000));
    }

    [Fact]
    public void It_serves_where_a_read_only_dictionary_is_asked_for()
    {
        Fill(3);
        IReadOnlyDictionary<int, long> dictionary = _dictionary;
        Assert.Equal([0, 1, 2], dictionary.Keys);
        Assert.Equal([0L, 1, 2], dictionary.Values);
        Assert.Equal(2, dictionary.GetValueOrDefault(2));
        Assert.Equal((3, 3), (_dictionary.Keys.Count, _dictionary.Values.Count));
    }

    [Fact]
    public void Collections_are_values()
    {
        using var sets = new NativeDictionary<int, NativeHashSet<int, Metered>, Metered>(_memory);
        for (int number = 0; number < 100; number++)
        {
            ref NativeHashSet<int, Metered> set =
                ref sets.GetValueRefOrAddDefault(number % 7, out bool exists);
            set = exists ? set : new NativeHashSet<int, Metered>(_memory);
            set.Add(number);
        }

        Assert.Equal(100, sets.Values.Sum(set => set.Count));
        Assert.True(sets[3].TryGetValue(10, out _));
        foreach (NativeHashSet<int, Metered> set in sets.Values)
        {
            set.Dispose();
        }
    }

    private void Fill(int count)
    {
        for (int key = 0; key < count; key++)
        {
            _dictionary.Add(key, key);
        }
    }
}
