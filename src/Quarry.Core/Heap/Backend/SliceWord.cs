using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The state of 64 consecutive slices, one bit each.</summary>
/// <remarks>
/// A slice is allocated by clearing its free bit atomically. The thread that clears the bit owns the slice
/// and its two other bits, until the free bit is set again. A thread that is killed in between leaks the
/// slice, and no other thread waits for it.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SliceWord
{
    /// <summary>Slices that can be allocated.</summary>
    public ulong Free;

    /// <summary>Slices with stale contents (dirty) that were freed in the current decay period.</summary>
    public ulong Young;

    /// <summary>
    /// Dirty slices that were freed in an earlier period; purged at the end of the current one.
    /// </summary>
    public ulong Old;
}
