using System.Runtime.InteropServices;

namespace Quarry.Malloc;

/// <summary>
/// C's <c>struct sigaction</c>, of which glibc and musl have the same one on 64-bit systems.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SignalAction
{
    /// <summary><c>SA_RESTART</c>.</summary>
    internal const int Restart = 0x1000_0000;

    /// <summary>The handler, or one of the constants <c>SIG_DFL</c> and <c>SIG_IGN</c>.</summary>
    public nuint Handler;

    /// <summary>The signals to block while the handler runs.</summary>
    public fixed ulong Mask[16];

    /// <summary>Flags.</summary>
    public int Flags;

    /// <summary>Set by the C library.</summary>
    public nuint Restorer;
}
