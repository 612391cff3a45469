using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Which thread this is: the address of its control block, which no other living thread has.
/// </summary>
internal static class ThreadToken
{
    internal static nuint Current => Pointer();

    /// <summary>The token in the upper bits of a word; an address has less than 48.</summary>
    internal static nuint Mark => Pointer() << 16;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_pointer")]
    private static extern nuint Pointer();
}
