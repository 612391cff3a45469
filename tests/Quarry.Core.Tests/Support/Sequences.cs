using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Quarry.Core.Tests;

/// <summary>Random sequences of operations that shrink to short ones when a property fails.</summary>
internal static class Sequences
{
    internal static void Check<T>(Gen<T> operation, int length, int tests, Func<T[], bool> holds)
    {
        Arbitrary<T[]> sequences = Arb.From(Gen.ArrayOf(operation, length), Shrink);
        Property property = Prop.ForAll(sequences, holds);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), property);
    }

    private static IEnumerable<T[]> Shrink<T>(T[] operations)
    {
        for (int step = operations.Length / 2; step > 0; step /= 2)
        {
            for (int at = 0; at + step <= operations.Length; at += step)
            {
                yield return [.. operations.Take(at), .. operations.Skip(at + step)];
            }
        }
    }
}
