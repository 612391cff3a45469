using System;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>
/// Without an argument the program does no more than to mark that Main has begun; with "list" it prints its
/// constructs, with a number it uses one twice, between marks. With "objects" it counts those made before
/// Main, on Quarry's managed heap.
/// </summary>
internal static unsafe class Program
{
    // What is written here is what any program has before its first statement: little, and no field.
    private static void Main(string[] words)
    {
        long managed = GC.GetTotalAllocatedBytes(precise: true);
        NativeMemory.Free(NativeMemory.Alloc(Mark.Size));
        Session.Run(words, managed);
    }
}
