using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Quarry.Testing;

/// <summary>Random sequences of operations against a model: the blocks that there should be.</summary>
internal static class RandomSequences
{
    private const int Tests = 100, Length = 60;

    /// <summary>The shortest sequence found that breaks a promise, and the promise; nothing if none does.</summary>
    internal static (Violation Violation, Operation[] Operations) Run<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        (Violation, Operation[]) worst = (default, []);
        bool Holds(Operation[] operations)
        {
            Violation found = Execute(create, destroy, options, operations);
            worst = found.IsNone ? worst : (found, operations);
            return found.IsNone;
        }

        // The last sequence that fails is the shortest: shrinking goes on from those that fail.
        Arbitrary<Operation[]> sequences = Arb.From(Gen.ArrayOf(Operations(options), Length), Shrink);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Tests)
            .WithReplay((ulong)options.Seed, 0x9E37_79B9_7F4A_7C15);
        try
        {
            FsCheck.Check.One(config, Prop.ForAll(sequences, Holds));
        }
        catch (Exception) when (!worst.Item1.IsNone)
        {
            // What FsCheck has to say of it is said better by the caller, who knows the words.
        }

        return worst;
    }

    private static Violation Execute<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy, ConformanceOptions options, Operation[] operations)
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

    private static Gen<Operation> Operations(ConformanceOptions options)
    {
        int maxSize = (int)Math.Min(options.MaxSize, 1 << 20);
        int magnitudes = BitOperations.Log2((uint)maxSize | 1) + 1;
        int alignments = Math.Min(BitOperations.Log2(options.MaxAlignment), 12) + 1;

        // Each magnitude is as likely as the others: small blocks are most of them.
        Gen<int> size = Gen.Choose(0, magnitudes)
            .SelectMany(magnitude => Gen.Choose(0, 1 << magnitude)).Select(size => Math.Min(size, maxSize));
        Gen<OperationKind> kind = Gen.Frequency(
            (4, Gen.Constant(OperationKind.Allocate)),
            (2, Gen.Constant(OperationKind.AllocateZeroed)),
            (4, Gen.Constant(OperationKind.Deallocate)),
            (2, Gen.Constant(OperationKind.Reallocate)),
            (1, Gen.Constant(OperationKind.Resize)));
        return from what in kind
               from which in Gen.Choose(0, Length)
               from bytes in size
               from log2 in Gen.Choose(0, alignments - 1)
               select new Operation(what, which, bytes, 1 << log2);
    }

    /// <summary>Without a part of it; then with smaller numbers.</summary>
    private static IEnumerable<Operation[]> Shrink(Operation[] operations)
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
        if (operation.Size > 0)
        {
            yield return operation with { Size = operation.Size / 2 };
            yield return operation with { Size = operation.Size - 1 };
        }

        if (operation.Alignment > 1)
        {
            yield return operation with { Alignment = 1 };
        }

        if (operation.Which > 0)
        {
            yield return operation with { Which = operation.Which - 1 };
        }
    }
}
