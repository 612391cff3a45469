using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>A point of the timeline; sizes in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfilePoint
{
    /// <summary>The time.</summary>
    public ulong Time;

    /// <summary>See <see cref="ProfileTotals.LiveBytes"/>.</summary>
    public ulong LiveBytes;

    /// <summary>See <see cref="ProfileTotals.Bytes"/>.</summary>
    public ulong Bytes;

    /// <summary>See <see cref="ProfileFigures.InUseBytes"/>.</summary>
    public ulong InUseBytes;

    /// <summary>See <see cref="ProfileFigures.CommittedBytes"/>.</summary>
    public ulong CommittedBytes;

    /// <summary>See <see cref="ProfileFigures.ResidentBytes"/>.</summary>
    public ulong ResidentBytes;
}
