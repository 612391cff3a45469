using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Quarry.Objects;

/// <summary>
/// Allocates 1,000,000 nodes of 40 bytes, 200,000 strings of 224 bytes and 500 arrays of 200,024 bytes; with
/// --wait, allocates on until standard input ends.
/// </summary>
internal static unsafe class Program
{
    private static object? s_last;

    private static void Main(string[] words)
    {
        Nodes(1_000_000);
        Strings(200_000);
        Arrays(500);
        Replaced(200_000);
        Console.WriteLine("ready");
        if (words.Contains("--wait"))
        {
            Task input = Task.Run(() => Console.In.ReadToEnd());
            while (!input.Wait(1))
            {
                Nodes(1000);
                Leak(1000);
            }
        }

        GC.KeepAlive(s_last);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Nodes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_last = new Node { First = i };
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Strings(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_last = new string('x', 100);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Arrays(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_last = new byte[200_000];
        }
    }

    /// <summary>Its loop continues in an optimized version, which allocates in the last round.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Replaced(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_last = i;
            if (i == count - 1)
            {
                Leak(5000);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leak(int bytes) => new Span<byte>(NativeMemory.Alloc((nuint)bytes), bytes).Fill(1);
}
