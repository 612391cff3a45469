using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// System calls from .NET: through libc's <c>syscall</c>, which passes its arguments on unchanged.
/// </summary>
internal static unsafe partial class LinuxOs
{
    // "No such call": what is made for Linux refuses elsewhere, as allocators do, instead of throwing.
    private const nint NotSupported = -38;

    internal static nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        if (!OperatingSystem.IsLinux())
        {
            return NotSupported;
        }

        nint result = Call(number, a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
