using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Testing;

/// <summary>Random sequences of operations against a model: the blocks that there should be.</summary>
internal static class RandomSequences
{
    private const int Tests = 100, Length = 60, MaxSimpler = 5000;

    /// <summary>
    /// The shortest sequence found that breaks a promise, and the promise; nothing if none does.
    /// </summary>
    internal static (Violation Violation, Operation[] Operations) Run<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        Random random = new(unchecked((int)options.Seed));
        for (int test = 0; test < Tests; test++)
        {
            Operation[] operations = RandomOperations.Draw(random, Length, options);
            Violation found = Execute(create, destroy, options, operations);
            if (!found.IsNone)
            {
                return Shrink(
                    found, operations, simpler => Execute(create, destroy, options, simpler));
            }
        }

        return (default, []);
    }

    /// <summary>Simplifies a sequence as long as a simpler one fails, too, within limits.</summary>
    private static (Violation Violation, Operation[] Operations) Shrink(
        Violation violation, Operation[] operations, Func<Operation[], Violation> execute)
    {
        int left = MaxSimpler;
        bool simplified;
        do
        {
            simplified = false;
            foreach (Operation[] simpler in RandomOperations.Simpler(operations).Take(left))
            {
                left--;
                Violation found = execute(simpler);
                simplified = !found.IsNone;
                if (simplified)
                {
                    (violation, operations) = (found, simpler);
                    break;
                }
            }
        }
        while (simplified);

        return (violation, operations);
    }

    private static Violation Execute<TAllocator>(
        Func<TAllocator> create,
        Action<TAllocator>? destroy,
        ConformanceOptions options,
        Operation[] operations)
        where TAllocator : unmanaged, IAllocator
    {
        TAllocator allocator = create();
        try
        {
            var witness = new Witness<TAllocator>(allocator, options);
            var held = new List<Held>();
            bool good = true;
            for (int index = 0; index < operations.Length && good; index++)
            {
                good = Execute(ref witness, held, operations[index]) && witness.InspectAll(held);
            }

            _ = good && witness.GiveAll(held);
            return witness.Violation;
        }
        finally
        {
            destroy?.Invoke(allocator);
        }
    }

    private static bool Execute<TAllocator>(
        ref Witness<TAllocator> witness, List<Held> held, Operation operation)
        where TAllocator : unmanaged, IAllocator
    {
        nuint size = (nuint)operation.Size, alignment = (nuint)operation.Alignment;
        Held block;
        if (operation.Kind is OperationKind.Allocate or OperationKind.AllocateZeroed)
        {
            bool zeroed = operation.Kind == OperationKind.AllocateZeroed;
            if (!witness.Affords(size, alignment))
            {
                return true;
            }

            bool taken = witness.Take(size, alignment, zeroed, out block);
            held.Add(block);
            return taken;
        }

        int index = held.Count == 0 ? 0 : operation.Which % held.Count;
        if (held.Count == 0
            || (operation.Kind != OperationKind.Deallocate
                && !witness.Affords(size, held[index].Layout.Alignment)))
        {
            return true;
        }

        block = held[index];
        if (operation.Kind == OperationKind.Deallocate)
        {
            held.RemoveAt(index);
            return witness.Give(block);
        }

        bool good = operation.Kind == OperationKind.Reallocate
            ? witness.Reallocate(ref block, size)
            : witness.Resize(ref block, size, out _);
        held[index] = block;
        return good;
    }
}
