using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The state of 64 consecutive slices, one bit each.</summary>
/// <remarks>
/// A slice is taken by clearing its free bit atomically. Whoever did so owns the slice and its two other
/// bits, until it sets the free bit again. A thread that dies in between has lost the slice and harmed
/// nobody.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SliceWord
{
    /// <summary>Slices that can be taken.</summary>
    public ulong Free;

    /// <summary>Slices with stale contents that were freed in the current decay period.</summary>
    public ulong Young;

    /// <summary>
    /// Slices with stale contents that were freed before; the next period's end gives them to the system.
    /// </summary>
    public ulong Old;
}
