using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// System calls from an image without a runtime: the instruction itself, in the assembly shim.
/// </summary>
internal static unsafe partial class LinuxOs
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_syscall")]
    internal static extern nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
