using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What an enumeration sees of changes.</summary>
public sealed class HashEnumerationTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly NativeDictionary<int, int, Heap> _dictionary;

    public HashEnumerationTests()
    {
        _dictionary = new NativeDictionary<int, int, Heap>(_heap);
        for (int key = 0; key < 100; key++)
        {
            _dictionary.Add(key, -key);
        }
    }

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Entries_come_in_the_order_they_were_added() =>
        Assert.Equal(Enumerable.Range(0, 100).Select(key => KeyValuePair.Create(key, -key)), _dictionary);

    [Fact]
    public void A_new_entry_takes_the_place_of_a_removed_one()
    {
        _dictionary.Remove(40);
        _dictionary.Add(1000, 0);
        Assert.Equal(1000, _dictionary.Keys.ElementAt(40));
        Assert.Equal(99, _dictionary.Keys.Last());
    }

    [Fact]
    public void All_entries_come_though_each_is_removed()
    {
        var seen = new List<int>();
        foreach ((int key, int _) in _dictionary)
        {
            seen.Add(key);
            Assert.True(_dictionary.Remove(key));
        }

        Assert.Equal(Enumerable.Range(0, 100), seen);
        Assert.Empty(_dictionary);
    }

    [Fact]
    public void A_loop_that_adds_ends()
    {
        int seen = 0;
        foreach (int key in _dictionary.Keys)
        {
            _dictionary.Add(1000 + seen++, key);
        }

        Assert.Equal(100, seen);
        Assert.Equal(200, _dictionary.Count);
    }

    [Fact]
    public void Entries_removed_ahead_do_not_come()
    {
        var seen = new List<int>();
        foreach (int key in _dictionary.Keys)
        {
            seen.Add(key);
            _dictionary.Remove(key + 1);
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(index => index * 2), seen);
    }

    [Fact]
    public void A_value_may_be_changed_and_clearing_ends_it()
    {
        int seen = 0;
        foreach (int key in _dictionary.Keys)
        {
            _dictionary[key] = 1;
            seen++;
            if (key == 50)
            {
                _dictionary.Clear();
            }
        }

        Assert.Equal(51, seen);
    }

    [Fact]
    public void The_current_entry_outlives_its_memory()
    {
        NativeDictionary<int, int, Heap>.Enumerator entries = _dictionary.GetEnumerator();
        Assert.True(entries.MoveNext() && entries.MoveNext());
        _dictionary.TrimExcess(_dictionary.EnsureCapacity(100_000));
        Assert.Equal(KeyValuePair.Create(1, -1), entries.Current);
        entries.Reset();
        Assert.True(entries.MoveNext());
        Assert.Equal(0, entries.Current.Key);
    }

    [Fact]
    public void Adding_while_enumerating_is_safe_in_the_unchecked_library()
    {
        Assert.False(Checks.Enabled);
        var seen = new HashSet<int>();
        foreach (int key in _dictionary.Keys)
        {
            seen.Add(key);
            if (key < 100)
            {
                _dictionary.Add(key + 1000, 0);
            }
        }

        Assert.True(seen.IsSupersetOf(Enumerable.Range(0, 100)));
    }

    [Fact]
    public void Adding_while_enumerating_throws_in_the_checked_library() =>
        CheckedLibrary.Run(typeof(HashEnumerationTests), nameof(AddWhileEnumerating));

    [Fact]
    public void Removing_while_enumerating_is_allowed_in_the_checked_library() =>
        CheckedLibrary.Run(typeof(HashEnumerationTests), nameof(RemoveWhileEnumerating));

    internal static void AddWhileEnumerating()
    {
        Assert.True(Checks.Enabled);
        Heap heap = new();
        var dictionary = new NativeDictionary<int, int, Heap>(heap) { { 1, 1 }, { 2, 2 } };
        var set = new NativeHashSet<int, Heap>(heap) { 1, 2 };
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (int key in dictionary.Keys)
            {
                dictionary[key + 10] = 0;
            }
        });
        Assert.Contains("NativeDictionary", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (int element in set)
            {
                _ = set.EnsureCapacity(1000);
            }
        });
        Assert.Contains("NativeHashSet", exception.Message, StringComparison.Ordinal);
        heap.Dispose();
    }

    internal static void RemoveWhileEnumerating()
    {
        Assert.True(Checks.Enabled);
        Heap heap = new();
        var set = new NativeHashSet<int, Heap>(heap) { 1, 2, 3 };
        foreach (int element in set)
        {
            _ = set.Remove(element);
        }

        Assert.Empty(set);
        heap.Dispose();
    }
}
