using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The contents of a module record; the build ID and the path follow, each padded to a multiple of 8 bytes.
/// </summary>
/// <remarks>
/// Modules are recorded when an address of theirs is first met, so a later record replaces an earlier one of
/// the same addresses from its time on.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileModule
{
    /// <summary>The first mapped address.</summary>
    public ulong Start;

    /// <summary>The address behind the last mapped one.</summary>
    public ulong End;

    /// <summary>The difference between addresses in memory and those in the file's program headers.</summary>
    public ulong LoadBias;

    /// <summary>The length of the build ID, in bytes; 0 if the module has none.</summary>
    public uint BuildIdLength;

    /// <summary>The length of the path, in bytes.</summary>
    public uint PathLength;
}
