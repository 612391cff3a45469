using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Quarry.Tests.Collections;

/// <summary>Random sequences of operations on a table, which shrink when a property fails.</summary>
internal static class HashSequences
{
    internal enum Action
    {
        Add,
        Set,
        Remove,
        Find,
        FindOrAdd,
        Clear,
        EnsureCapacity,
        TrimExcess,
        Fail,
    }

    /// <param name="Action">What is done.</param>
    /// <param name="Key">The key, one of few, so that they meet.</param>
    /// <param name="Number">A value, a capacity, or the requests that are served before one fails.</param>
    internal readonly record struct Step(Action Action, int Key, int Number);

    private static Gen<Step> Steps =>
        from action in Gen.Frequency(
            (10, Gen.Constant(Action.Add)),
            (4, Gen.Constant(Action.Set)),
            (8, Gen.Constant(Action.Remove)),
            (4, Gen.Constant(Action.Find)),
            (4, Gen.Constant(Action.FindOrAdd)),
            (1, Gen.Constant(Action.Clear)),
            (1, Gen.Constant(Action.EnsureCapacity)),
            (2, Gen.Constant(Action.TrimExcess)),
            (2, Gen.Constant(Action.Fail)))
        from key in Gen.Choose(-20, 60)
        from number in Gen.Choose(0, 80)
        select new Step(action, key, number);

    internal static void Check(Func<Step[], bool> holds)
    {
        Arbitrary<Step[]> sequences = Arb.From(Gen.ArrayOf(Steps, 150), Shrink);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(sequences, holds));
    }

    private static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        for (int length = steps.Length / 2; length > 0; length /= 2)
        {
            for (int at = 0; at + length <= steps.Length; at += length)
            {
                yield return [.. steps.Take(at), .. steps.Skip(at + length)];
            }
        }
    }
}
