using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The systems and processors that the library runs on.</summary>
internal static class Platform
{
    // Null where the library runs. Read once, so that the JIT drops the test.
    private static readonly string? s_refusal = Refusal(
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows(),
        RuntimeInformation.ProcessArchitecture,
        RuntimeInformation.OSDescription);

    /// <summary>Throws where memory cannot be mapped.</summary>
    /// <exception cref="PlatformNotSupportedException">
    /// The system is neither Linux nor Windows, or the process is neither x64 nor arm64.
    /// </exception>
    internal static void ThrowIfUnsupported()
    {
        if (s_refusal != null)
        {
            Throw(s_refusal);
        }
    }

    /// <summary>Returns the message of the exception; null for a platform that is supported.</summary>
    internal static string? Refusal(bool isKnownSystem, Architecture process, string system) =>
        isKnownSystem && process is (Architecture.X64 or Architecture.Arm64)
            ? null
            : "Quarry supports Linux and Windows, in x64 and Arm64 processes; this is "
                + $"{system} in a process for {process}.";

    [DoesNotReturn]
    private static void Throw(string message) => throw new PlatformNotSupportedException(message);
}
