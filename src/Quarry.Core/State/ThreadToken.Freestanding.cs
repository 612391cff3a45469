using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Identifies the calling thread by the address of its control block, which no other live thread has.
/// </summary>
internal static class ThreadToken
{
    internal static nuint Current => Pointer();

    /// <summary>
    /// Gets the token in the upper bits of a word; user-space addresses have at most 48 bits.
    /// </summary>
    internal static nuint Mark => Pointer() << 16;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_pointer")]
    private static extern nuint Pointer();
}
