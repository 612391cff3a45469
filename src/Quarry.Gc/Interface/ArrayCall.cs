using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Calls C functions that have more arguments than <see cref="NativeCall"/> supports.</summary>
internal static unsafe class ArrayCall
{
    /// <summary>Calls a function by its address.</summary>
    /// <param name="function">The function; its arguments are integers and pointers.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="count">The number of arguments: at least six.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_gc_call")]
    internal static extern nint Invoke(void* function, nint* arguments, nint count);
}
