using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ConstrainedExecution;
using System.Runtime.Loader;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>What is collected, and what is not, which every collector of .NET does in the same way.</summary>
internal static class CollectionCases
{
    private static readonly List<object> s_kept = [];
    private static readonly List<string> s_order = [];
    private static object? s_sink;

    /// <summary>Compares which objects of random graphs are alive.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">The number of seeds.</param>
    internal static void Graphs(string first, string count)
    {
        int start = int.Parse(first, null);
        for (int seed = start; seed < start + int.Parse(count, null); seed++)
        {
            Console.WriteLine(new RandomGraph(seed).Run(rounds: 5, nodes: 1500));
        }
    }

    /// <summary>Finalizers run once per registration; critical ones run last.</summary>
    internal static void FinalizationOrder()
    {
        MakeFinalizable();
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        int firstCritical = s_order.IndexOf("critical");
        Check.That(firstCritical >= 0 && !s_order.Skip(firstCritical).Contains("ordinary"));
        Console.WriteLine(string.Join(' ', s_order.GroupBy(name => name)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}")));
    }

    /// <summary>Files that were not closed are closed by finalizers.</summary>
    internal static void LostFiles()
    {
        int before = OpenFiles();
        OpenAndLose();
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Check.That(OpenFiles() < before + 20);
        Console.WriteLine("closed");
    }

    /// <summary>Load contexts are unloaded.</summary>
    internal static void UnloadedContexts()
    {
        WeakReference[] contexts = [.. Enumerable.Range(0, 5).Select(_ => LoadAndUnload())];
        for (int round = 0; round < 20 && contexts.Any(context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine(contexts.Count(context => context.IsAlive));
    }

    /// <summary>Objects are found by pointers into their middle.</summary>
    internal static void InteriorPointers()
    {
        long sum = 0;
        for (int round = 0; round < 30; round++)
        {
            sum += Descend(60, new long[100 + (round * 3000)].AsSpan(), new Node?[round * 100].AsSpan());
        }

        Console.WriteLine(sum);
    }

    /// <summary>Collections while thousands of frames hold the only references to objects.</summary>
    internal static void DeepRecursion()
    {
        const int Depth = 20_000;
        long sum = 0;
        Thread thread = new(() => sum = Descend(Depth), maxStackSize: 64 << 20);
        thread.Start();
        thread.Join();
        Console.WriteLine(sum);
    }

    /// <summary>Long chains, wide arrays and deep trees: more than a stack of objects can hold.</summary>
    internal static void DeepGraphs()
    {
        List<object?[]> chains = [];
        for (int chain = 0; chain < 3; chain++)
        {
            object?[]? last = null;
            for (int length = 0; length < 100_000; length++)
            {
                last = [last, length % 100 == 0 ? new object?[50] : null];
            }

            chains.Add(last!);
        }

        object[] wide = [.. Enumerable.Range(0, 100_000).Select(number => (object)new object[] { number })];
        GC.Collect();
        MakeGarbage(20_000_000);
        GC.Collect();
        foreach (object?[] chain in chains)
        {
            int length = 0;
            for (object?[]? link = chain; link is not null; link = (object?[]?)link[0])
            {
                length++;
            }

            Console.WriteLine(length);
        }

        Console.WriteLine(wide.Sum(one => (long)(int)((object[])one)[0]));
    }

    /// <summary>A heap that is full of garbage is not full.</summary>
    internal static void GarbageBeyondLimit()
    {
        MakeGarbage(600_000_000);
        for (int round = 0; round < 100; round++)
        {
            s_sink = new byte[15_000_000];
        }

        Console.WriteLine("collected");
    }

    /// <summary>A program can drop what filled the heap, and continue.</summary>
    internal static void FullTwice()
    {
        for (int round = 0; round < 2; round++)
        {
            int count = Fill();
            Check.That(count > 20);
            MakeGarbage(200_000_000);
        }

        Console.WriteLine("continued");
    }

    /// <summary>Memory of dropped objects returns to the system.</summary>
    internal static void Returned()
    {
        Hold(300);
        long full = Environment.WorkingSet;
        s_kept.Clear();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long after = Environment.WorkingSet;
        Check.That(full > 300 << 20);
        Check.That(after < full - (250 << 20));
        Check.That(GC.GetTotalMemory(forceFullCollection: true) < 50 << 20);
        Console.WriteLine("returned");
    }

    /// <summary>The numbers of the class <see cref="GC"/> change as collections happen.</summary>
    internal static void Numbers()
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        int[] counts = [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)];
        MakeGarbage(100_000_000);
        Check.That(GC.CollectionCount(0) > counts[0]);
        long difference = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Check.That(difference is > 100_000_000 and < 110_000_000);
        GC.Collect();
        Check.That(GC.CollectionCount(2) > counts[2] && GC.CollectionCount(1) > counts[1]);
        Check.That(GC.GetTotalMemory(forceFullCollection: false) < 50_000_000);
        Check.That(GC.GetTotalPauseDuration() > TimeSpan.Zero);
        GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        Check.That(info.Index > 0 && info.Generation == 2 && !info.Concurrent);
        Check.That(info.PauseDurations[0] > TimeSpan.Zero && info.HeapSizeBytes > 0);
        Check.That(info.PromotedBytes > 0 && info.TotalCommittedBytes >= info.HeapSizeBytes);
        object old = new();
        GC.Collect();
        Check.That(GC.GetGeneration(old) > 0 && GC.GetGeneration(new object()) == 0);
        Check.That(GC.GetGeneration(new byte[100_000]) == 2);
        Console.WriteLine("numbers");
    }

    /// <summary>Threads change graphs that they share, and check them.</summary>
    internal static void Mutators()
    {
        const int Threads = 8, Rounds = 40_000;
        object?[][] shared = [.. Enumerable.Range(0, 256).Select(_ => new object?[64])];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            Random random = new(index);
            for (int round = 0; round < Rounds; round++)
            {
                object?[] holder = shared[random.Next(shared.Length)];
                int value = random.Next(1000);
                int[] numbers = new int[value % 50];
                Array.Fill(numbers, value);
                object?[] made = [value, numbers, shared[random.Next(shared.Length)][random.Next(64)]];
                if (made[2] is object?[] previous && round % 8 == 0)
                {
                    previous[2] = null;
                }

                Volatile.Write(ref holder[random.Next(64)], made);
                if (Volatile.Read(ref holder[random.Next(64)]) is object?[] found)
                {
                    int expected = (int)found[0]!;
                    Check.That(((int[])found[1]!).AsSpan().IndexOfAnyExcept(expected) < 0);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine("changed");
    }

    /// <summary>
    /// Threads move references between old objects: an object is often in the only field that is visited
    /// already, or in one that is not visited any more.
    /// </summary>
    internal static void Swaps()
    {
        const int Threads = 4, Rows = 200, Columns = 100, Rounds = 3_000_000;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            Random random = new(index);
            int[][][] rows = [.. Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, Columns)
                .Select(column => new int[] { (row * Columns) + column, row, column }).ToArray())];
            for (int round = 0; round < Rounds; round++)
            {
                ref int[] one = ref rows[random.Next(Rows)][random.Next(Columns)];
                ref int[] other = ref rows[random.Next(Rows)][random.Next(Columns)];
                (one, other) = (other, one);
                Check.That(one[0] == (one[1] * Columns) + one[2]);
                if (round % 16 == 0)
                {
                    s_sink = new int[round % 64];
                }
            }

            Check.That(rows.SelectMany(row => row).Select(one => one[0]).Order()
                .SequenceEqual(Enumerable.Range(0, Rows * Columns)));
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine("swapped");
    }

    /// <summary>Locks and hash codes of objects survive their neighbours.</summary>
    internal static void SyncBlocks()
    {
        object[] kept = new object[500];
        int[] hashes = new int[kept.Length];
        for (int round = 0; round < 20; round++)
        {
            for (int index = 0; index < kept.Length; index++)
            {
                object made = new();
                lock (made)
                {
                    if (round == index % 20)
                    {
                        kept[index] = made;
                        hashes[index] = made.GetHashCode();
                        Check.That(Monitor.Wait(made, 0) is false);
                    }
                    else
                    {
                        s_sink = made.GetHashCode();
                        Check.That(!Monitor.Wait(made, 0));
                    }
                }
            }

            GC.Collect(round % 3 == 0 ? 2 : 0);
        }

        Check.That(kept.Select(one => one.GetHashCode()).SequenceEqual(hashes));
        Check.That(kept.All(one => Monitor.TryEnter(one)));
        Console.WriteLine("locked");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeFinalizable()
    {
        for (int index = 0; index < 200; index++)
        {
            _ = new Critical();
            _ = new Ordinary();
            GC.SuppressFinalize(new Ordinary());
            Ordinary again = new();
            GC.SuppressFinalize(again);
            GC.ReRegisterForFinalize(again);
            _ = new Registering(2);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenAndLose()
    {
        for (int index = 0; index < 200; index++)
        {
            s_sink = new FileStream("/dev/null", FileMode.Open);
        }

        s_sink = null;
    }

    private static int OpenFiles() => Directory.GetFiles("/proc/self/fd").Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static WeakReference LoadAndUnload()
    {
        AssemblyLoadContext context = new("unloaded", isCollectible: true);
        Assembly copy = context.LoadFromAssemblyPath(typeof(CollectionCases).Assembly.Location);
        object instance = Activator.CreateInstance(copy.GetType(typeof(Log).FullName!)!, nonPublic: true)!;
        Check.That(instance.GetType() != typeof(Log));
        MakeGarbage(1_000_000);
        Check.That(instance.ToString()!.Length > 0);
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Descend(int depth, Span<long> numbers, Span<Node?> nodes)
    {
        if (depth == 0)
        {
            MakeGarbage(500_000);
            numbers.Fill(1);
            return numbers.Length + nodes.Length;
        }

        Span<long> made = new long[depth];
        made.Fill(depth);
        int start = Math.Min(numbers.Length, 17);
        long sum = Descend(depth - 1, numbers[start..], nodes[Math.Min(nodes.Length, 1)..]);
        foreach (long one in made)
        {
            Check.That(one == depth);
        }

        Check.That(numbers.Length < 2000 || numbers[^1] == 1);
        return sum + numbers.Length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Fill()
    {
        List<byte[]> kept = [];
        try
        {
            for (; ; )
            {
                kept.Add(new byte[1_000_000]);
            }
        }
        catch (OutOfMemoryException)
        {
            return kept.Count;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Hold(int megabytes)
    {
        for (int index = 0; index < megabytes * 16; index++)
        {
            byte[] made = new byte[64 << 10];
            Array.Fill(made, (byte)1);
            s_kept.Add(made);
        }
    }

    private static long Descend(int depth)
    {
        int[] held = [depth, -depth];
        if (depth % 100 == 0)
        {
            MakeGarbage(50_000);
        }

        long below = depth == 0 ? 0 : Descend(depth - 1);
        Check.That(held[0] == -held[1]);
        return below + held[0];
    }

    private static void MakeGarbage(long bytes)
    {
        for (long made = 0; made < bytes; made += 1024)
        {
            s_sink = new byte[1000];
        }
    }

    private static void Record(string name)
    {
        lock (s_order)
        {
            s_order.Add(name);
        }
    }

    private sealed class Ordinary
    {
        ~Ordinary() => Record("ordinary");
    }

    private sealed class Critical : CriticalFinalizerObject
    {
        ~Critical() => Record("critical");
    }

    private sealed class Registering(int times)
    {
        private int _times = times;

        ~Registering()
        {
            Record("registering");
            if (--_times > 0)
            {
                GC.ReRegisterForFinalize(this);
            }
        }
    }
}
