using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Allocating;

/// <summary>Allocates from code of each kind; with --wait, until standard input ends.</summary>
internal static class Program
{
    private const int Size = 24_000;

    private static readonly Task s_input = Task.Run(() => Console.In.ReadToEnd());

    private static async Task Main(string[] words)
    {
        do
        {
            await Round();
        }
        while (words.Contains("--wait") && !s_input.Wait(10));

        Console.WriteLine("done");
    }

    private static async Task Round()
    {
        _ = new Generic<string>("").Run(Size);
        _ = new Generic<int>(0).Run(Size);
        _ = Generic<string>.Both<long>(Size);
        Lambda();
        Sorted();
        Enumerated();
        Dynamic();
        Filtered();
        _ = Recursive(20);
        OnThread();
        Reported();
        await Asynchronous();
    }

    /// <summary>Two events, which allocate nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Reported()
    {
        for (int weight = 1; weight <= 2; weight++)
        {
            HeapProfile.AddEvent(weight * 1000);
        }
    }

    private static void Lambda()
    {
        int size = Size;
        Func<int> closure = () => Leaf.Allocate(size);
        _ = closure();
    }

    /// <summary>Precompiled code of the framework calls back.</summary>
    private static void Sorted()
    {
        List<int> numbers = [3, 1, 2];
        numbers.Sort((a, b) => Leaf.Allocate(Size) > 0 ? a.CompareTo(b) : 0);
    }

    private static void Enumerated()
    {
        _ = Enumerable.Range(0, 3).Where(i => i >= 0).Select(i => Leaf.Allocate(Size) + i).ToArray();
    }

    private static void Dynamic()
    {
        DynamicMethod method = new("Emitted", typeof(int), [typeof(int)], typeof(Program).Module, true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.EmitCall(OpCodes.Call, ((Func<int, int>)Leaf.Allocate).Method, null);
        code.Emit(OpCodes.Ret);
        _ = method.CreateDelegate<Func<int, int>>()(Size);
    }

    private static void Filtered()
    {
        try
        {
            throw new InvalidOperationException();
        }
        catch (InvalidOperationException) when (Leaf.Allocate(Size) > 0)
        {
            _ = Leaf.Allocate(Size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recursive(int depth) =>
        depth == 0 ? Leaf.Allocate(Size) : Recursive(depth - 1) + 1;

    private static void OnThread()
    {
        Thread thread = new(() => Leaf.Allocate(Size)) { Name = "allocating" };
        thread.Start();
        thread.Join();
    }

    private static async Task Asynchronous()
    {
        await Task.Yield();
        _ = Leaf.Allocate(Size);
        await Task.Delay(1).ConfigureAwait(false);
        _ = Leaf.Allocate(Size);
    }
}
