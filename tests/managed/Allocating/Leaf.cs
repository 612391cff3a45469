using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Allocating;

/// <summary>Allocates blocks that are never freed.</summary>
internal static unsafe class Leaf
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Allocate(int bytes)
    {
        new Span<byte>(NativeMemory.Alloc((nuint)bytes), bytes).Fill(1);
        return bytes;
    }
}
