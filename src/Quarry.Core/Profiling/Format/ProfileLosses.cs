using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>What a profile could not record.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileLosses
{
    /// <summary>
    /// Allocations and frees that happened while the same thread was recording, in a signal handler, or while
    /// another thread did not leave the recorder.
    /// </summary>
    public ulong Nested;

    /// <summary>Allocations whose site found no room in the file.</summary>
    public ulong NoRoom;

    /// <summary>Stacks with more frames than are kept.</summary>
    public ulong Truncated;

    /// <summary>Stacks that do not reach the start of their thread.</summary>
    public ulong Incomplete;
}
