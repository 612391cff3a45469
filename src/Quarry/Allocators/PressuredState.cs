using System;
using System.Threading;

namespace Quarry;

/// <summary>The state of <see cref="Pressured{TInner}"/>.</summary>
internal unsafe struct PressuredState
{
    /// <summary>The bytes in use. Any thread adds to it.</summary>
    public nuint InUse;

    /// <summary>The bytes that are reported to the collector.</summary>
    public nint Reported;

    /// <summary>The difference between the two that is reported.</summary>
    public nint Step;

    internal static void Change(PressuredState* state, nint bytes)
    {
        nint inUse = (nint)Atomic.Add(ref state->InUse, (nuint)bytes);
        nint reported = Volatile.Read(ref state->Reported);
        if (nint.Abs(inUse - reported) >= state->Step)
        {
            Report(state, nint.Max(inUse, 0));
        }
    }

    /// <summary>Makes the pressure equal to a number of bytes.</summary>
    /// <remarks>
    /// Threads that arrive here at once exchange the number one after the other, and each reports its
    /// difference, so the sum is that of the last one.
    /// </remarks>
    internal static void Report(PressuredState* state, nint bytes)
    {
        nint before = Interlocked.Exchange(ref state->Reported, bytes);
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
