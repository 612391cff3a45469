using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Quarry.Tests.Collections;

/// <summary>A collection against its twin of the runtime: both do the same at random, and agree.</summary>
internal static class Twins
{
    /// <param name="Action">What is done; the actions count from 0.</param>
    /// <param name="Place">An index, or where something begins.</param>
    /// <param name="Number">An element, a count, or the requests that are served before one fails.</param>
    internal readonly record struct Step(int Action, int Place, int Number);

    /// <summary>Runs random sequences of so many kinds of actions on every allocator.</summary>
    internal static void Check(int actions, Func<Step[], IAllocatorCase, bool> holds)
    {
        Gen<Step> steps =
            from action in Gen.Choose(-2, actions - 1)
            from place in Gen.Choose(-1, 40)
            from number in Gen.Choose(-1, 12)
            select new Step(Math.Max(action, 0), place, number);
        Arbitrary<Step[]> sequences = Arb.From(Gen.ArrayOf(steps, 120), Shrink);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(100);
        foreach (IAllocatorCase allocator in IAllocatorCase.All)
        {
            FsCheck.Check.One(config, Prop.ForAll(sequences, steps => holds(steps, allocator)));
        }
    }

    /// <summary>Whether both have the same result, or throw the same; what memory ran out for is skipped.</summary>
    internal static bool Agree(Func<object?> native, Func<object?> twin)
    {
        object? outcome = Outcome(native);
        return outcome is Type type && type == typeof(OutOfMemoryException)
            || Equals(outcome, Outcome(twin));
    }

    /// <summary>Elements that depend on the number, one for each.</summary>
    internal static int[] Items(int count) => [.. Enumerable.Range(0, Math.Max(count, 0))];

    private static object? Outcome(Func<object?> act)
    {
        try
        {
            return act();
        }
        catch (Exception exception)
        {
            return exception.GetType();
        }
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
