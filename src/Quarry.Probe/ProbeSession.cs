using System;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>Runs the program after its first mark.</summary>
internal static unsafe class ProbeSession
{
    private const int Marks = 4;

    // Written at the end, because formatting allocates.
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
                Console.WriteLine(ObjectCounter.FindCensus(library));
                break;
            case ["objects", var library, var distance]:
                // Minus the strings of the arguments.
                Console.WriteLine(ObjectCounter.Count(library, distance, managed) - words.Length);
                break;
            case [var number]:
                Use(Constructs.All[int.Parse(number, CultureInfo.InvariantCulture)], managed);
                break;
            default:
                WriteManaged(managed);
                break;
        }
    }

    private static void Use(Construct construct, long managed)
    {
        // Compiles Before and After, with blocks that are not marks.
        Before(1);
        After(1);
        s_count = 0;
        for (int use = 0; use < 2; use++)
        {
            Before(Mark.Size);
            construct.Use();
            After(Mark.Size);
        }

        WriteManaged([managed, .. s_managed]);
    }

    private static void WriteManaged(params long[] managed) =>
        Console.Error.Write(string.Concat(managed.Select(bytes => $"managed: {bytes} bytes\n")));

    // The native mark is nearest to the use on both sides, because it allocates nothing on the managed heap.
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
