using System;

namespace Quarry.Malloc;

/// <summary>Reads the environment variables that configure the library.</summary>
internal static unsafe class ProcessEnvironment
{
    /// <summary>Gets the value of a variable, which ends with a zero byte; null if it is not set.</summary>
    /// <remarks>
    /// Null also in a program that has more rights than its caller, such as a setuid program: the caller must
    /// not choose which files it writes.
    /// </remarks>
    internal static byte* Find(ReadOnlySpan<byte> name)
    {
        byte* value = EnvironmentVariable.Find(name);
        return value == null || IsPrivileged() ? null : value;
    }

    // The auxiliary vector reports file capabilities as well. A static program has the function that reads it
    // only if it calls it.
    private static bool IsPrivileged() => LibC.TryGetAuxiliaryValue(LibC.AuxiliarySecure, out nuint secure)
        ? secure != 0
        : Os.HasElevatedRights();
}
