using System;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>What the program does after its first mark.</summary>
internal static unsafe class Session
{
    private const int Marks = 4;

    // Text costs what is measured, so it is made at the end.
    private static readonly long[] s_managed = new long[Marks];

    private static int s_count;

    internal static void Run(string[] words, long managed)
    {
        switch (words)
        {
            case ["list"]:
                Console.WriteLine(RuntimeInformation.FrameworkDescription);
                Console.Write(string.Concat(Constructs.All.Select(c => c.Code + "\n")));
                break;
            case ["objects", var library]:
                Console.WriteLine(ObjectCount.FindCensus(library));
                break;
            case ["objects", var library, var distance]:
                // Without the words themselves.
                Console.WriteLine(ObjectCount.Take(library, distance, managed) - words.Length);
                break;
            case [var number]:
                Use(Constructs.All[int.Parse(number, CultureInfo.InvariantCulture)], managed);
                break;
            default:
                Tell(managed);
                break;
        }
    }

    private static void Use(Construct construct, long managed)
    {
        // Compiles them. A mark is a block of another size.
        Before(1);
        After(1);
        s_count = 0;
        for (int use = 0; use < 2; use++)
        {
            Before(Mark.Size);
            construct.Use();
            After(Mark.Size);
        }

        Tell([managed, .. s_managed]);
    }

    private static void Tell(params long[] managed) =>
        Console.Error.Write(string.Concat(managed.Select(bytes => $"managed: {bytes} bytes\n")));

    // The native mark is the inner one at both ends: it allocates nothing managed.
    private static void Before(nuint block)
    {
        s_managed[s_count++] = GC.GetTotalAllocatedBytes(precise: true);
        NativeMemory.Free(NativeMemory.Alloc(block));
    }

    private static void After(nuint block)
    {
        NativeMemory.Free(NativeMemory.Alloc(block));
        s_managed[s_count++] = GC.GetTotalAllocatedBytes(precise: true);
    }
}
