using System;
using System.Runtime.CompilerServices;

namespace Quarry.Testing;

/// <summary>The runtime's exact count of the bytes that a thread has allocated.</summary>
internal static class ManagedCounter
{
    private const int Known = 1000;

    [ThreadStatic]
    private static object? t_known;

    internal static long Now => GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Bytes that the action allocates on this thread.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long Measure(Action action)
    {
        long before = Now;
        action();
        return Now - before;
    }

    /// <summary>Makes sure that allocating shows: a count that stands still would pass every assertion.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    internal static void Verify()
    {
        long before = Now;
        t_known = GC.AllocateUninitializedArray<byte>(Known);
        long seen = Now - before;
        if (seen is < Known or > 2 * Known)
        {
            throw new InvalidOperationException(
                $"The runtime counted {seen} bytes for an array of {Known}: nothing can be asserted here.");
        }

        t_known = null;
    }
}
