// The JIT calls these methods by name for large copies and clears of structs and for Unsafe's block
// operations.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

internal static class SpanHelpers
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhSpanHelpers_MemCopy")]
    internal static extern void Memmove(ref byte destination, ref byte source, nuint length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhSpanHelpers_MemZero")]
    internal static extern void ClearWithoutReferences(ref byte destination, nuint length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhSpanHelpers_MemSet")]
    internal static extern void Fill(ref byte destination, byte value, nuint length);
}
