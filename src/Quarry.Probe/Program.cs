using System;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>
/// Without an argument the program only marks the start of Main. With "list" it prints its constructs; with
/// a number it uses that construct twice, between marks; with "objects" it counts the objects created before
/// Main, on Quarry's managed heap.
/// </summary>
internal static unsafe class Program
{
    // No static fields and little code, so that nothing but the runtime allocates before the first statement.
    private static void Main(string[] words)
    {
        long managed = GC.GetTotalAllocatedBytes(precise: true);
        NativeMemory.Free(NativeMemory.Alloc(Mark.Size));
        ProbeSession.Run(words, managed);
    }
}
