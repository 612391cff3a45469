using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Sorting by a comparer that is a struct.</summary>
public sealed class SortTests : IDisposable
{
    private readonly Heap _heap = new();

    public static TheoryData<string> Shapes => ["rising", "falling", "equal", "sawtooth", "organ", "random"];

    public void Dispose() => _heap.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_is_sorted(string shape)
    {
        foreach (int count in new[] { 0, 1, 2, 3, 15, 16, 17, 18, 33, 100, 1000, 20_000 })
        {
            int[] items = Make(shape, count);
            var list = new NativeList<int, Heap>(_heap, items);
            list.Sort(default(ByLastDigit));
            Assert.Equal(items.Order(default(ByLastDigit)), list);
            list.Dispose();
        }
    }

    [Fact]
    public void Items_made_to_defeat_the_pivot_take_no_longer_than_a_heap()
    {
        // The order is decided while it is asked for, so that every pivot is nearly the least item: McIlroy,
        // "A killer adversary for quicksort", 1999.
        const int count = 4000;
        Adversary.Begin(count);
        var list = new NativeList<int, Heap>(_heap, [.. Enumerable.Range(0, count)]);
        list.Sort(default(Adversary));
        Assert.InRange(Adversary.Asked, 1, 4 * count * (int)Math.Log2(count));
        Assert.Equal(list.Select(Adversary.Rank).Order(), list.Select(Adversary.Rank));
    }

    [Fact]
    public void A_comparer_that_contradicts_itself_loses_no_item()
    {
        foreach (int count in new[] { 2, 17, 100, 3000 })
        {
            var list = new NativeList<int, Heap>(_heap, [.. Enumerable.Range(0, count)]);
            list.Sort(default(AlwaysLess));
            list.Sort();
            Assert.Equal(Enumerable.Range(0, count), list);
            list.Dispose();
        }
    }

    [Fact]
    public void What_the_comparer_throws_comes_wrapped_as_from_the_twin()
    {
        var list = new NativeList<int, Heap>(_heap, [1, 2]);
        Assert.IsType<NotSupportedException>(
            Assert.Throws<InvalidOperationException>(() => list.Sort(default(Thrower))).InnerException);
        Assert.Equal([1, 2], list.ToArray());
    }

    private static int[] Make(string shape, int count)
    {
        var random = new Random(count);
        IEnumerable<int> numbers = Enumerable.Range(0, count);
        return [.. shape switch
        {
            "rising" => numbers,
            "falling" => numbers.Reverse(),
            "equal" => numbers.Select(_ => 5),
            "sawtooth" => numbers.Select(number => number % 7),
            "organ" => numbers.Select(number => Math.Min(number, count - number)),
            _ => numbers.Select(_ => random.Next(count)),
        }];
    }

    private readonly struct AlwaysLess : IComparer<int>
    {
        public int Compare(int x, int y) => -1;
    }

    private readonly struct Thrower : IComparer<int>
    {
        public int Compare(int x, int y) => throw new NotSupportedException();
    }

    private readonly struct Adversary : IComparer<int>
    {
        private static int[] s_ranks = [];
        private static int s_solid;
        private static int s_candidate;

        internal static int Asked { get; private set; }

        internal static void Begin(int count)
        {
            s_ranks = [.. Enumerable.Repeat(int.MaxValue, count)];
            s_solid = 0;
            Asked = 0;
        }

        internal static int Rank(int item) => s_ranks[item];

        public int Compare(int x, int y)
        {
            Asked++;
            if (s_ranks[x] == int.MaxValue && s_ranks[y] == int.MaxValue)
            {
                s_ranks[x == s_candidate ? x : y] = s_solid++;
            }

            s_candidate = s_ranks[x] == int.MaxValue ? x : s_ranks[y] == int.MaxValue ? y : s_candidate;
            return s_ranks[x].CompareTo(s_ranks[y]);
        }
    }
}
