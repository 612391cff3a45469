using System.Runtime;
using Quarry.Testing;

namespace Quarry.Freestanding.Tests;

/// <summary>Runs a check of the conformance kit on an allocator, without a runtime.</summary>
internal static unsafe class Conformance
{
    private const uint BufferSize = 64 << 20;

    /// <summary>Runs the check on a new allocator.</summary>
    /// <returns>0 if there is no memory for it, and 1 otherwise: what was found is in the violation.</returns>
    [RuntimeExport("check_conformance")]
    public static int Check(int subject, int check, Violation* found)
    {
        void* memory = Os.Map(BufferSize);
        int ran = FixedBuffer.TryCreate(memory, BufferSize, out FixedBuffer buffer)
            && Check((Subject)subject, buffer, (ConformanceCheck)check, found) ? 1 : 0;
        Os.Unmap(memory, BufferSize);
        return ran;
    }

    private static bool Check(Subject subject, FixedBuffer buffer, ConformanceCheck check, Violation* found)
    {
        nuint capacity = buffer.CapacityBytes;
        return subject switch
        {
            Subject.Bump => OnBump<Local>(check, found),
            Subject.SharedBump => OnBump<Shared>(check, found),
            Subject.FixedBuffer => On(buffer, capacity, check, found),
            Subject.Counting => Counting<FixedBuffer>.TryCreate(buffer, out Counting<FixedBuffer> counting)
                && On(counting, capacity, check, found),
            _ => false,
        };
    }

    private static bool OnBump<TThreads>(ConformanceCheck check, Violation* found)
        where TThreads : struct, IThreading
    {
        if (!Bump<TThreads>.TryCreate(out Bump<TThreads> bump))
        {
            return false;
        }

        bool ran = On(bump, bump.CapacityBytes, check, found);

        // Disposing is for managed callers; this leaves no more than addresses behind.
        bump.Reset(0);
        return ran;
    }

    private static bool On<TAllocator>(
        TAllocator allocator, nuint capacity, ConformanceCheck check, Violation* found)
        where TAllocator : unmanaged, IAllocator
    {
        var options = new ConformanceOptions { Capacity = capacity };
        *found = DeterministicChecks.Run(check, allocator, options);
        return true;
    }
}
