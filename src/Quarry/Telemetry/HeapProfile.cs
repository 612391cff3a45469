using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>Adds events of the program to the heap profile of the process.</summary>
/// <remarks>
/// The profile is recorded by <c>libquarry.so</c>, which a process has under <c>quarry profile</c>, or if it
/// was preloaded. In any other process the methods have no effect. They are thread-safe.
/// </remarks>
public static unsafe class HeapProfile
{
    private static readonly delegate* unmanaged<nuint, void> s_add = Find();

    /// <summary>
    /// Gets a value indicating whether the malloc of the process is <c>libquarry.so</c>, which can record a
    /// profile.
    /// </summary>
    public static bool IsSupported => s_add != null;

    /// <summary>
    /// Adds an event with the call stack of the caller, if a profile is being recorded; all events with the
    /// same stack form a site, with their number and the sum, the minimum and the maximum of their weights.
    /// </summary>
    /// <remarks>
    /// Takes some hundred nanoseconds while a profile is being recorded, and a few nanoseconds otherwise.
    /// </remarks>
    /// <param name="weight">
    /// A number of the caller's choice, such as the bytes that it copies; at least 0. Profiles show it in the
    /// same units as sizes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative.</exception>
    public static void AddEvent(long weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        if (s_add != null)
        {
            s_add((nuint)weight);
        }
    }

    private static delegate* unmanaged<nuint, void> Find() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "quarry_event", out nint function)
            ? (delegate* unmanaged<nuint, void>)function
            : null;
}
