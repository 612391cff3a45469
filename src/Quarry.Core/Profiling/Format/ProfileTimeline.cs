using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The contents of the timeline record; <see cref="Capacity"/> points follow, of which <see cref="Count"/>
/// are valid.
/// </summary>
/// <remarks>
/// When the record is full, every second point is removed and the interval doubled. A reader that finds an
/// odd <see cref="Sequence"/>, or another one after reading than before, reads again.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileTimeline
{
    /// <summary>The number of points that fit.</summary>
    internal const int Capacity = 512;

    /// <summary>Odd while the points are being changed.</summary>
    public ulong Sequence;

    /// <summary>The least distance between two points, in nanoseconds.</summary>
    public ulong Interval;

    /// <summary>The number of points.</summary>
    public ulong Count;

    /// <summary>Not used; 0.</summary>
    public ulong Reserved;
}
