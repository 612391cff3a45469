using System;

namespace Quarry.Malloc;

/// <summary>Reads the environment variables that configure the library.</summary>
internal static unsafe class ProcessEnvironment
{
    /// <summary>Returns the zero-terminated value of a variable; null if it is not set.</summary>
    /// <remarks>
    /// Also returns null in a program that has more rights than its caller, such as a setuid program: the
    /// caller must not choose the files that the program writes.
    /// </remarks>
    internal static byte* Find(ReadOnlySpan<byte> name)
    {
        byte* value = EnvironmentVariable.Find(name);
        return value == null || IsPrivileged() ? null : value;
    }

    // AT_SECURE is also set for file capabilities. A statically linked program contains getauxval only if
    // other code in it calls the function.
    private static bool IsPrivileged() => LibC.TryGetAuxiliaryValue(AuxiliaryVector.Secure, out nuint secure)
        ? secure != 0
        : Os.HasElevatedRights();
}
