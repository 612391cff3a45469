// The helpers that compiled code calls where .NET would throw. Images have no exceptions: the process stops
// on an illegal instruction, so that a debugger or a core file shows the location.

using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

internal static class ThrowHelpers
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpFallbackFailFast")]
    internal static extern void Stop();

    [DoesNotReturn]
    public static void ThrowOverflowException() => Stop();

    [DoesNotReturn]
    public static void ThrowIndexOutOfRangeException() => Stop();

    [DoesNotReturn]
    public static void ThrowNullReferenceException() => Stop();

    [DoesNotReturn]
    public static void ThrowDivideByZeroException() => Stop();

    [DoesNotReturn]
    public static void ThrowArgumentException() => Stop();

    [DoesNotReturn]
    public static void ThrowArgumentOutOfRangeException() => Stop();

    [DoesNotReturn]
    public static void ThrowInvalidOperationException() => Stop();

    [DoesNotReturn]
    public static void ThrowPlatformNotSupportedException() => Stop();

    [DoesNotReturn]
    public static void ThrowNotImplementedException() => Stop();

    // ilc compiles a method that it cannot load to a call of one of the methods below, with a warning that
    // fails the build. They are declared so that ilc reports all such methods and not only the first.
    [DoesNotReturn]
    public static void ThrowBadImageFormatException(int id) => Stop();

    [DoesNotReturn]
    public static void ThrowInvalidProgramException(int id) => Stop();

    [DoesNotReturn]
    public static void ThrowInvalidProgramExceptionWithArgument(int id, string methodName) => Stop();

    [DoesNotReturn]
    public static void ThrowTypeLoadException(int id, string className, string typeName) => Stop();

    [DoesNotReturn]
    public static void ThrowTypeLoadExceptionWithArgument(
        int id, string className, string typeName, string messageArg) => Stop();

    [DoesNotReturn]
    public static void ThrowMissingFieldException(int id, string fieldName) => Stop();

    [DoesNotReturn]
    public static void ThrowMissingMethodException(int id, string methodName) => Stop();

    [DoesNotReturn]
    public static void ThrowFileNotFoundException(int id, string fileName) => Stop();

    [DoesNotReturn]
    public static void ThrowMarshalDirectiveException(int id) => Stop();

    [DoesNotReturn]
    public static void ThrowAmbiguousMatchException(int id) => Stop();
}
