using System;
using System.Threading;

namespace Quarry;

/// <summary>The state of <see cref="Pressured{TInner}"/>.</summary>
internal unsafe struct PressuredState
{
    /// <summary>The bytes in use. Any thread adds to it.</summary>
    public nuint InUse;

    /// <summary>The bytes that the collector was told of.</summary>
    public nint Told;

    /// <summary>The difference between the two at which it is told.</summary>
    public nint Step;

    internal static void Change(PressuredState* state, nint bytes)
    {
        nint inUse = (nint)Atomic.Add(ref state->InUse, (nuint)bytes);
        nint told = Volatile.Read(ref state->Told);
        if (nint.Abs(inUse - told) >= state->Step)
        {
            Tell(state, nint.Max(inUse, 0));
        }
    }

    /// <summary>Makes the pressure equal to a number of bytes.</summary>
    /// <remarks>
    /// Threads that arrive here at once exchange the number one after the other, and each reports its
    /// difference, so the sum is that of the last one.
    /// </remarks>
    internal static void Tell(PressuredState* state, nint bytes)
    {
        nint before = Interlocked.Exchange(ref state->Told, bytes);
        if (bytes > before)
        {
            GC.AddMemoryPressure(bytes - before);
        }
        else if (bytes < before)
        {
            GC.RemoveMemoryPressure(before - bytes);
        }
    }
}
