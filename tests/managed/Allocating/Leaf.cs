using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Allocating;

/// <summary>Allocates the block, and reports the stack to a native witness if there is one.</summary>
internal static unsafe class Leaf
{
    private static delegate* unmanaged<void> s_witness;

    /// <summary>Loads a library with a function <c>witness</c> that records the stack of its caller.</summary>
    internal static void LoadWitness(string library) => s_witness =
        (delegate* unmanaged<void>)NativeLibrary.GetExport(NativeLibrary.Load(library), "witness");

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Allocate(int bytes)
    {
        new Span<byte>(NativeMemory.Alloc((nuint)bytes), bytes).Fill(1);
        if (s_witness != null)
        {
            s_witness();
        }

        return bytes;
    }
}
