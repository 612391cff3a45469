using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Which thread this is: the address of its control block, which no other living thread has.
/// </summary>
internal static class ThreadToken
{
    internal static nuint Current => Pointer();

    /// <summary>The same: there is nothing to ask for first.</summary>
    internal static nuint Known => Pointer();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_pointer")]
    private static extern nuint Pointer();
}
