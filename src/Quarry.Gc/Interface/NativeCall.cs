using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Calls functions of C and C++ by their addresses.</summary>
/// <remarks>
/// C# would call an unmanaged function pointer through a transition of a runtime that this image does not
/// have, and would take an odd address for a generic method's.
/// </remarks>
internal static unsafe class NativeCall
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call1")]
    internal static extern nint Invoke(void* function, nint a);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call2")]
    internal static extern nint Invoke(void* function, nint a, nint b);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call3")]
    internal static extern nint Invoke(void* function, nint a, nint b, nint c);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call4")]
    internal static extern nint Invoke(void* function, nint a, nint b, nint c, nint d);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call5")]
    internal static extern nint Invoke(void* function, nint a, nint b, nint c, nint d, nint e);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call6")]
    internal static extern nint Invoke(void* function, nint a, nint b, nint c, nint d, nint e, nint f);
}
