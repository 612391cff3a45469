using System;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>
/// Without an argument the program does no more than to mark that Main has begun; with "list" it prints its
/// constructs, with a number it uses one twice, between marks.
/// </summary>
internal static unsafe class Program
{
    private const int Marks = 5;

    // Text costs what is measured, so it is made at the end.
    private static readonly long[] s_managed = new long[Marks];

    private static int s_count;

    private static void Main(string[] words)
    {
        // Written out, for a method of its own would have to be compiled first.
        long managed = GC.GetTotalAllocatedBytes(precise: true);
        NativeMemory.Free(NativeMemory.Alloc(Mark.Size));

        s_managed[s_count++] = managed;
        if (words is ["list"])
        {
            Console.WriteLine(RuntimeInformation.FrameworkDescription);
            Console.Write(string.Concat(Constructs.All.Select(c => c.Code + "\n")));
        }
        else if (words is [var number])
        {
            Use(Constructs.All[int.Parse(number, CultureInfo.InvariantCulture)]);
        }

        foreach (long bytes in s_managed.Take(s_count))
        {
            Console.Error.WriteLine($"managed: {bytes} bytes");
        }
    }

    private static void Use(Construct construct)
    {
        Before(1);
        After(0);
        s_count = 1;
        for (int use = 0; use < 2; use++)
        {
            Before(Mark.Size);
            construct.Use();
            After(Mark.Size);
        }
    }

    // The native mark is the inner one at both ends: it allocates nothing managed.
    private static void Before(int block)
    {
        s_managed[s_count++] = GC.GetTotalAllocatedBytes(precise: true);
        NativeMemory.Free(NativeMemory.Alloc((nuint)block));
    }

    private static void After(int block)
    {
        NativeMemory.Free(NativeMemory.Alloc((nuint)block));
        s_managed[s_count++] = GC.GetTotalAllocatedBytes(precise: true);
    }
}
