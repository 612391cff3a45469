using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Keys that make it hard for a hash table, and keys of many types.</summary>
public sealed class HashKeyTests : IDisposable
{
    private readonly Heap _heap = new();

    private enum Color : byte
    {
        Red,
        Green,
        Blue,
    }

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void All_with_the_same_hash_code() => Holds(Enumerable.Range(0, 500).Select(i => new Same(i)));

    [Fact]
    public void Consecutive() => Holds(Enumerable.Range(-5000, 10_000));

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(1 << 28)]
    [InlineData(1 << 31)]
    public void Multiples_of_a_power_of_two(int power) =>
        Holds(Enumerable.Range(0, 4000).Select(i => unchecked(i * power)).Distinct());

    [Fact]
    public void Multiples_of_the_number_of_buckets() =>
        Holds(Enumerable.Range(0, 2000).Select(i => i * 2333));

    [Fact]
    public void The_ends_of_the_range() =>
        Holds([int.MinValue, int.MaxValue, -1, 0, 1, int.MinValue + 1, int.MaxValue - 1]);

    [Fact]
    public void Wide_numbers() => Holds(Enumerable.Range(0, 3000).Select(i => (Int128)i << 90));

    [Fact]
    public void Numbers_that_are_equal_only_to_themselves()
    {
        Holds([0.0, 1.5, double.NaN, double.PositiveInfinity, double.Epsilon]);
        using var set = new NativeHashSet<double, Heap>(_heap);
        Assert.True(set.Add(0.0) && !set.Add(-0.0));
    }

    [Fact]
    public void Guids() => Holds(Enumerable.Range(0, 3000).Select(_ => Guid.NewGuid()));

    [Fact]
    public void Enumerations() => Holds(Enum.GetValues<Color>());

    [Fact]
    public void Types_that_the_runtime_lays_out() =>
        Holds(Enumerable.Range(0, 1000).Select(i => ((byte)i, DateTime.UnixEpoch.AddDays(i))));

    [Fact]
    public void Tuples() => Holds(Enumerable.Range(0, 1000).Select(i => (i % 10, (byte)(i / 10))));

    [Fact]
    public void Single_bytes() => Holds(Enumerable.Range(0, 256).Select(i => (byte)i));

    [Fact]
    public void A_comparer_is_a_type_of_the_key()
    {
        using var dictionary = new NativeDictionary<HashedBy<int, LastDigit>, int, Heap>(_heap);
        dictionary[17] = 1;
        dictionary[27] = 2;
        Assert.Equal(2, dictionary[37]);
        Assert.Single(dictionary);
        int key = dictionary.Keys.Single();
        Assert.Equal(17, key);
        HashedBy<int, LastDigit> wrapped = 17, equal = 7, other = 8;
        Assert.True(wrapped == equal && wrapped != other && wrapped.Equals((object)equal));
        Assert.Equal("17", wrapped.ToString());
    }

    [Fact]
    public void A_hash_code_that_throws_while_the_table_grows_leaves_it_whole()
    {
        using Arena arena = new();
        AssertWholeAfterFailure(arena);
        AssertWholeAfterFailure(_heap);
    }

    private static void AssertWholeAfterFailure<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator
    {
        var dictionary = new NativeDictionary<Bomb, int, TAllocator>(allocator, capacity: 100);
        int capacity = dictionary.Capacity;
        for (int key = 0; key < capacity; key++)
        {
            dictionary.Add(new Bomb(key), key);
        }

        Bomb.Explosive = capacity / 2;
        Assert.Throws<FormatException>(() => dictionary.Add(new Bomb(-1), 0));
        Assert.Throws<FormatException>(() => dictionary.EnsureCapacity(1000));
        Bomb.Explosive = int.MinValue;
        Assert.Equal((capacity, capacity), (dictionary.Count, dictionary.Capacity));
        dictionary.Add(new Bomb(-1), -1);
        for (int key = -1; key < capacity; key++)
        {
            Assert.Equal(key, dictionary[new Bomb(key)]);
        }

        dictionary.Dispose();
    }

    /// <summary>Adds all keys, finds them, removes every other one, and finds those that are left.</summary>
    private void Holds<TKey>(IEnumerable<TKey> source) where TKey : unmanaged
    {
        TKey[] keys = [.. source];
        using var dictionary = new NativeDictionary<TKey, int, Heap>(_heap);
        for (int index = 0; index < keys.Length; index++)
        {
            dictionary.Add(keys[index], index);
        }

        Assert.Equal(keys, dictionary.Keys);
        for (int index = 0; index < keys.Length; index++)
        {
            Assert.Equal(index, dictionary[keys[index]]);
            Assert.False(dictionary.TryAdd(keys[index], -1));
        }

        for (int index = 0; index < keys.Length; index += 2)
        {
            Assert.True(dictionary.Remove(keys[index], out int value) && value == index);
        }

        for (int index = 0; index < keys.Length; index++)
        {
            Assert.Equal(index % 2 == 1, dictionary.ContainsKey(keys[index]));
        }
    }

    private readonly record struct Same(int Number)
    {
        public override int GetHashCode() => -1;
    }

    private readonly record struct Bomb(int Number)
    {
        [ThreadStatic]
        private static int s_explosive;

        public static int Explosive
        {
            set => s_explosive = value;
        }

        public override int GetHashCode() =>
            Number == s_explosive && Number > 0 ? throw new FormatException() : Number;
    }

    private readonly struct LastDigit : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x % 10 == y % 10;

        public int GetHashCode(int obj) => obj % 10;
    }
}
