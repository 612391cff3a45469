using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The contents of a stack record; the addresses follow, innermost first, as 64-bit numbers.
/// </summary>
/// <remarks>
/// Each address is one beyond the address to look up: a return address as it is, and the address of an
/// interrupted instruction plus one. The frames of the allocator itself are left out.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileStack
{
    /// <summary>The number of addresses.</summary>
    public uint Depth;

    /// <summary>See <see cref="ProfileStackFlags"/>.</summary>
    public ProfileStackFlags Flags;

    /// <summary>The hash of the addresses.</summary>
    public ulong Hash;
}
