using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The header of a record in a profile file; its contents follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileRecord
{
    /// <summary>
    /// The kind. Written last, after the contents: a reader that meets <see cref="ProfileRecordKind.None"/>
    /// has reached the end.
    /// </summary>
    public ProfileRecordKind Kind;

    /// <summary>The number of bytes, this header included; a multiple of 16.</summary>
    public uint Size;

    /// <summary>The time at which the record was added, in nanoseconds since the start.</summary>
    public ulong Time;
}
