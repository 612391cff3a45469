using System.Runtime.InteropServices;

namespace Quarry.Cli.BeforeMain;

/// <summary>What figures depend on beside the tools of a language.</summary>
internal static unsafe class Machine
{
    internal static string Describe() =>
        $"{RuntimeInformation.OSDescription}, {CLibrary()}, {RuntimeInformation.OSArchitecture}";

    // The function is glibc's own.
    private static string CLibrary()
    {
        nint process = NativeLibrary.GetMainProgramHandle();
        return NativeLibrary.TryGetExport(process, "gnu_get_libc_version", out nint version)
            ? "glibc " + Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)version)())
            : "another C library than glibc";
    }
}
