using System.Runtime.InteropServices;

namespace Quarry.Cli.BeforeMain;

/// <summary>Describes the machine, on which the results depend.</summary>
internal static unsafe class Machine
{
    internal static string Describe() =>
        $"{RuntimeInformation.OSDescription}, {CLibrary()}, {RuntimeInformation.OSArchitecture}";

    // Only glibc has this function.
    private static string CLibrary()
    {
        nint process = NativeLibrary.GetMainProgramHandle();
        return NativeLibrary.TryGetExport(process, "gnu_get_libc_version", out nint version)
            ? "glibc " + Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)version)())
            : "a C library other than glibc";
    }
}
