using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Calls C functions by address.</summary>
/// <remarks>
/// The methods are jumps in the assembly shim. Calls through unmanaged function pointers enter and leave a
/// runtime, and calls through managed function pointers test the address first.
/// </remarks>
internal static unsafe class NativeCall
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call0")]
    internal static extern nint Invoke(void* function);

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

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call7")]
    internal static extern nint Invoke(
        void* function, nint a, nint b, nint c, nint d, nint e, nint f, nint g);
}
