using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Faulty;

/// <summary>Makes one error with a block of native memory, which its argument names.</summary>
internal static unsafe class Program
{
    private const int Size = 48;

    private static int Main(string[] words)
    {
        byte* block = Make();
        switch (words[0])
        {
            case "free-twice":
                Drop(block);
                DropAgain(block);
                break;
            case "overrun":
                Overrun(block);
                Drop(block);
                break;
            case "use-after-free":
                Drop(block);
                Use(block);
                break;
            case "leak":
                break;
        }

        Console.WriteLine("end");
        return 5;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* Make()
    {
        byte* block = (byte*)NativeMemory.Alloc(Size);
        block[0] = 1;
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(byte* block) => NativeMemory.Free(block);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropAgain(byte* block) => NativeMemory.Free(block);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Overrun(byte* block) => block[Size] = 7;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(byte* block) => block[8] = 7;
}
