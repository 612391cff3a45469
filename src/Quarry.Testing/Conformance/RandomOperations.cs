using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Quarry.Testing;

/// <summary>Draws sequences of operations, and simplifies them.</summary>
internal static class RandomOperations
{
    // By how often each is drawn.
    private static readonly OperationKind[] s_kinds =
    [
        .. Enumerable.Repeat(OperationKind.Allocate, 4),
        .. Enumerable.Repeat(OperationKind.AllocateZeroed, 2),
        .. Enumerable.Repeat(OperationKind.Deallocate, 4),
        .. Enumerable.Repeat(OperationKind.Reallocate, 2),
        OperationKind.Resize,
    ];

    /// <summary>Draws a sequence.</summary>
    internal static Operation[] Draw(Random random, int length, ConformanceOptions options)
    {
        int maxSize = (int)Math.Min(options.MaxSize, 1 << 20);
        int magnitudes = BitOperations.Log2((uint)maxSize | 1) + 1;
        int alignments = Math.Min(BitOperations.Log2(options.MaxAlignment), 12) + 1;
        Operation[] operations = new Operation[length];
        for (int index = 0; index < length; index++)
        {
            // Each magnitude is as likely as the others: small blocks are most of them.
            int largest = 1 << random.Next(magnitudes + 1);
            operations[index] = new Operation(
                s_kinds[random.Next(s_kinds.Length)],
                random.Next(length + 1),
                Math.Min(random.Next(largest + 1), maxSize),
                1 << random.Next(alignments));
        }

        return operations;
    }

    /// <summary>Returns simpler sequences: without a part of it; then with smaller numbers.</summary>
    internal static IEnumerable<Operation[]> Simpler(Operation[] operations)
    {
        for (int step = operations.Length / 2; step > 0; step /= 2)
        {
            for (int at = 0; at + step <= operations.Length; at += step)
            {
                yield return [.. operations.Take(at), .. operations.Skip(at + step)];
            }
        }

        for (int at = 0; at < operations.Length; at++)
        {
            foreach (Operation simpler in Simpler(operations[at]))
            {
                yield return [.. operations.Take(at), simpler, .. operations.Skip(at + 1)];
            }
        }
    }

    private static IEnumerable<Operation> Simpler(Operation operation)
    {
        foreach (int smaller in Smaller(operation.Size))
        {
            yield return operation with { Size = smaller };
        }

        if (operation.Alignment > 1)
        {
            yield return operation with { Alignment = 1 };
        }

        foreach (int smaller in Smaller(operation.Which))
        {
            yield return operation with { Which = smaller };
        }
    }

    // Less by all of it, by a half, a quarter, and at last by one: finds a threshold in logarithmic time.
    private static IEnumerable<int> Smaller(int number)
    {
        for (int difference = number; difference > 0; difference /= 2)
        {
            yield return number - difference;
        }
    }
}
