using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The sum of all sites of a profile, without those of ad hoc events. Sizes are requested sizes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileTotals
{
    /// <summary>The bytes of all recorded blocks.</summary>
    public ulong Bytes;

    /// <summary>The number of all recorded blocks, in fixed point.</summary>
    public ulong Blocks;

    /// <summary>The bytes of the recorded blocks that are in use.</summary>
    public ulong LiveBytes;

    /// <summary>The number of the recorded blocks that are in use, in fixed point.</summary>
    public ulong LiveBlocks;

    /// <summary>The highest value of <see cref="LiveBytes"/>.</summary>
    public ulong PeakBytes;

    /// <summary>The value of <see cref="LiveBlocks"/> at the peak.</summary>
    public ulong PeakBlocks;

    /// <summary>The time of the peak.</summary>
    public ulong PeakTime;

    /// <summary>The number of samples; equal to the number of blocks in exact mode.</summary>
    public ulong Samples;
}
