using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Operations on two sets, given as sets, spans and sequences, against those of the BCL.</summary>
public sealed class HashSetOperationTests : IDisposable
{
    private readonly Metered _memory = Metered.Create();

    public void Dispose()
    {
        Assert.Equal(0, _memory.Blocks);
        _memory.Dispose();
    }

    [Fact]
    public void Union() => Changes(
        (set, other) => set.UnionWith(other),
        (set, other) => set.UnionWith(other),
        (set, other) => set.UnionWith(other.AsSpan()),
        (set, other) => set.UnionWith((IEnumerable<int>)other));

    [Fact]
    public void Difference() => Changes(
        (set, other) => set.ExceptWith(other),
        (set, other) => set.ExceptWith(other),
        (set, other) => set.ExceptWith(other.AsSpan()),
        (set, other) => set.ExceptWith((IEnumerable<int>)other));

    [Fact]
    public void Intersection() => Changes(
        (set, other) => set.IntersectWith(other),
        (set, other) => set.IntersectWith(other),
        (set, other) => set.IntersectWith(other.AsSpan()),
        (set, other) => set.IntersectWith((IEnumerable<int>)other));

    [Fact]
    public void Symmetric_difference() => Changes(
        (set, other) => set.SymmetricExceptWith(other),
        (set, other) => set.SymmetricExceptWith(other),
        (set, other) => set.SymmetricExceptWith(other.AsSpan()),
        (set, other) => set.SymmetricExceptWith((IEnumerable<int>)other));

    [Fact]
    public void Overlapping() => Answers(
        (set, other) => set.Overlaps(other),
        (set, other) => set.Overlaps(other),
        (set, other) => set.Overlaps(other.AsSpan()),
        (set, other) => set.Overlaps((IEnumerable<int>)other));

    [Fact]
    public void Equality() => Answers(
        (set, other) => set.SetEquals(other),
        (set, other) => set.SetEquals(other),
        (set, other) => set.SetEquals(other.AsSpan()),
        (set, other) => set.SetEquals((IEnumerable<int>)other));

    [Fact]
    public void Subset() => Answers(
        (set, other) => set.IsSubsetOf(other),
        (set, other) => set.IsSubsetOf(other),
        (set, other) => set.IsSubsetOf(other.AsSpan()),
        (set, other) => set.IsSubsetOf((IEnumerable<int>)other));

    [Fact]
    public void Proper_subset() => Answers(
        (set, other) => set.IsProperSubsetOf(other),
        (set, other) => set.IsProperSubsetOf(other),
        (set, other) => set.IsProperSubsetOf(other.AsSpan()),
        (set, other) => set.IsProperSubsetOf((IEnumerable<int>)other));

    [Fact]
    public void Superset() => Answers(
        (set, other) => set.IsSupersetOf(other),
        (set, other) => set.IsSupersetOf(other),
        (set, other) => set.IsSupersetOf(other.AsSpan()),
        (set, other) => set.IsSupersetOf((IEnumerable<int>)other));

    [Fact]
    public void Proper_superset() => Answers(
        (set, other) => set.IsProperSupersetOf(other),
        (set, other) => set.IsProperSupersetOf(other),
        (set, other) => set.IsProperSupersetOf(other.AsSpan()),
        (set, other) => set.IsProperSupersetOf((IEnumerable<int>)other));

    [Fact]
    public void A_set_and_itself()
    {
        using NativeHashSet<int, Metered> set = Set(1, 2, 3);
        set.UnionWith(set);
        set.IntersectWith(set);
        Assert.True(set.SetEquals(set) && set.IsSubsetOf(set) && set.IsSupersetOf(set) && set.Overlaps(set));
        Assert.False(set.IsProperSubsetOf(set) || set.IsProperSupersetOf(set));
        set.SymmetricExceptWith(set);
        Assert.Empty(set);
        set.UnionWith([1, 2]);
        set.ExceptWith(set);
        Assert.Empty(set);
    }

    [Fact]
    public void A_sequence_that_throws_leaks_nothing()
    {
        using NativeHashSet<int, Metered> set = Set(1, 2);
        IEnumerable<int> broken = Enumerable.Range(-3, 5).Select(number => 6 / number);
        Assert.Throws<DivideByZeroException>(() => set.IntersectWith(broken));
        Assert.True(set.SetEquals([1, 2]));
    }

    [Fact]
    public void Without_memory_for_what_is_gathered_the_set_is_unchanged()
    {
        using NativeHashSet<int, Metered> set = Set(1, 2, 3);
        for (int served = 0; served < 2; served++)
        {
            _memory.FailAfter(served);
            Assert.Throws<OutOfMemoryException>(() => set.IntersectWith([1, 7, 9, 11]));
            Assert.Throws<OutOfMemoryException>(() => set.SymmetricExceptWith([1, 7, 9, 11]));
            Assert.Throws<OutOfMemoryException>(() => set.SetEquals([1, 7, 9, 11]));
        }

        _memory.Recover();
        Assert.True(set.SetEquals([1, 2, 3]));
    }

    [Fact]
    public void Null_is_refused()
    {
        using NativeHashSet<int, Metered> set = Set(1);
        Assert.Throws<ArgumentNullException>(() => set.UnionWith((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => set.SetEquals((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => set.RemoveWhere(null!));
    }

    private static Gen<int[]> Elements => Gen.ArrayOf(Gen.Choose(0, 12)).Resize(10);

    private NativeHashSet<int, Metered> Set(params int[] elements)
    {
        var set = new NativeHashSet<int, Metered>(_memory);
        set.UnionWith(elements);
        return set;
    }

    private void Changes(
        Action<HashSet<int>, int[]> model,
        Action<NativeHashSet<int, Metered>, NativeHashSet<int, Metered>> bySet,
        Action<NativeHashSet<int, Metered>, int[]> bySpan,
        Action<NativeHashSet<int, Metered>, int[]> bySequence) => Check((first, second) =>
    {
        var expected = new HashSet<int>(first);
        model(expected, second);
        using NativeHashSet<int, Metered> other = Set(second);
        using NativeHashSet<int, Metered> one = Set(first), two = Set(first), three = Set(first);
        bySet(one, other);
        bySpan(two, second);
        bySequence(three, second);
        return expected.SetEquals(one) && expected.SetEquals(two) && expected.SetEquals(three)
            && one.Count == expected.Count && other.SetEquals(second);
    });

    private void Answers(
        Func<HashSet<int>, int[], bool> model,
        Func<NativeHashSet<int, Metered>, NativeHashSet<int, Metered>, bool> bySet,
        Func<NativeHashSet<int, Metered>, int[], bool> bySpan,
        Func<NativeHashSet<int, Metered>, int[], bool> bySequence) => Check((first, second) =>
    {
        bool expected = model([.. first], second);
        using NativeHashSet<int, Metered> set = Set(first), other = Set(second);
        return bySet(set, other) == expected && bySpan(set, second) == expected
            && bySequence(set, second) == expected;
    });

    /// <summary>
    /// Tries arrays that have nothing to do with each other, and arrays of which one is in the other.
    /// </summary>
    private static void Check(Func<int[], int[], bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(Arb.From(Elements), Arb.From(Elements), (first, second) =>
            holds(first, second)
            && holds(first, [.. first, .. second])
            && holds([.. first, .. second], second)
            && holds(first, [.. first, .. first])));
}
