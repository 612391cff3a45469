using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>Large numbers of what a collector visits apart from objects.</summary>
internal static class ManyCases
{
    private static object? s_sink;

    /// <summary>The threads of the collector that mark, after a collection of a large heap.</summary>
    internal static void MarkThreads()
    {
        s_sink = Enumerable.Range(0, 1_000_000).Select(number => new int[4]).ToArray();
        GC.Collect();
        GC.Collect();
        Console.WriteLine(Directory.GetDirectories("/proc/self/task")
            .Count(thread => File.ReadAllText($"{thread}/comm") == ".NET GC Mark\n"));
    }

    /// <summary>
    /// Handles of all kinds, most of which are old: those that are stored or created later refer to young
    /// objects from old cells.
    /// </summary>
    internal static void Handles(string count)
    {
        int handles = int.Parse(count, null);
        Random random = new(1);
        object[] keys = [.. Enumerable.Range(0, 1000).Select(number => (object)$"key {number}")];
        GCHandle[] strong = new GCHandle[handles / 4], weak = new GCHandle[handles / 2];
        DependentHandle[] dependents = new DependentHandle[handles / 4];
        Fill(strong, weak, dependents, keys);
        int wrong = 0;
        for (int round = 0; round < 40; round++)
        {
            for (int change = 0; change < 200; change++)
            {
                Change(random, strong, weak, dependents, keys);
            }

            MakeGarbage(2_000_000);
            wrong += strong.Count(handle => handle.Target is not int[] { Length: 2 } target
                || target[0] != target[1]);
        }

        GC.Collect();
        Console.WriteLine(wrong);
        Console.WriteLine(weak.Count(handle => handle.Target is not null));
        Console.WriteLine(dependents.Count(handle => handle.Dependent is int[] { Length: 3 }));
        GC.KeepAlive(keys);
    }

    /// <summary>
    /// Weak handles, and dependent handles for an eighth of them, that are old when young collections happen.
    /// </summary>
    internal static void OldHandles(string count)
    {
        int handles = int.Parse(count, null);
        object[] targets = [.. Enumerable.Range(0, 1000).Select(_ => new object())];
        GCHandle[] weak = new GCHandle[handles];
        DependentHandle[] dependents = new DependentHandle[handles / 8];
        for (int index = 0; index < weak.Length; index++)
        {
            GCHandleType kind = index % 2 == 0 ? GCHandleType.Weak : GCHandleType.WeakTrackResurrection;
            weak[index] = GCHandle.Alloc(targets[index % targets.Length], kind);
        }

        for (int index = 0; index < dependents.Length; index++)
        {
            dependents[index] = new DependentHandle(targets[index % targets.Length], targets);
        }

        GC.Collect();
        MakeGarbage(100_000_000);
        Console.WriteLine(weak.Count(handle => handle.Target is not null));
        GC.KeepAlive(dependents);
        GC.KeepAlive(targets);
    }

    /// <summary>Threads that allocate in the holes between small objects that are kept.</summary>
    internal static void SmallHoles(string count)
    {
        const int Kept = 20_000, Between = 30, Rounds = 1_000_000;
        object[] kept = new object[Kept];
        for (int index = 0; index < kept.Length; index++)
        {
            kept[index] = new int[1];
            for (int garbage = 0; garbage < Between; garbage++)
            {
                s_sink = new byte[10];
            }
        }

        GC.Collect();
        Thread[] threads = [.. Enumerable.Range(0, int.Parse(count, null)).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                GC.KeepAlive(new byte[20]);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        GC.Collect();
        Console.WriteLine(kept.All(one => one is int[] { Length: 1 }) ? "kept" : "lost");
    }

    /// <summary>Objects with sync blocks, which hold hash codes and locks, of which most are old.</summary>
    internal static void SyncBlocks(string count)
    {
        object[] objects = [.. Enumerable.Range(0, int.Parse(count, null)).Select(_ => new object())];
        int[] codes = [.. objects.Select(Inflate)];
        for (int round = 0; round < 40; round++)
        {
            for (int change = 0; change < 100; change++)
            {
                int index = ((round * 7919) + (change * 104_729)) % objects.Length;
                objects[index] = new object();
                codes[index] = Inflate(objects[index]);
            }

            MakeGarbage(2_000_000);
        }

        Console.WriteLine(objects.Zip(codes).Count(pair =>
            RuntimeHelpers.GetHashCode(pair.First) != pair.Second || Monitor.IsEntered(pair.First)));
    }

    /// <summary>Threads that come and go; their native memory is freed by finalizers.</summary>
    internal static void Threads(string count)
    {
        int sum = 0;
        for (int number = 0; number < int.Parse(count, null); number++)
        {
            Thread thread = new(() => sum += new byte[100].Length, maxStackSize: 128 << 10);
            thread.Start();
            thread.Join();
        }

        Console.WriteLine(sum);
    }

    /// <summary>Load contexts that are unloaded.</summary>
    internal static void Contexts(string count)
    {
        List<WeakReference> contexts = [];
        for (int number = 0; number < int.Parse(count, null); number++)
        {
            contexts.Add(CollectionCases.LoadAndUnload());
        }

        for (int round = 0; round < 20 && contexts.Any(context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine(contexts.Count(context => context.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(
        GCHandle[] strong, GCHandle[] weak, DependentHandle[] dependents, object[] keys)
    {
        for (int index = 0; index < strong.Length; index++)
        {
            strong[index] = GCHandle.Alloc(new[] { index, index });
            dependents[index] = new DependentHandle(keys[index % keys.Length], new int[3]);
        }

        for (int index = 0; index < weak.Length; index++)
        {
            object target = index % 2 == 0 ? keys[index % keys.Length] : new object();
            weak[index] = GCHandle.Alloc(target, (GCHandleType)(index % 3 == 0 ? 1 : 0));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Change(
        Random random, GCHandle[] strong, GCHandle[] weak, DependentHandle[] dependents, object[] keys)
    {
        int index = random.Next(strong.Length);
        int value = random.Next();
        switch (random.Next(5))
        {
            case 0:
                strong[index].Target = new[] { value, value };
                break;
            case 1:
                strong[index].Free();
                strong[index] = GCHandle.Alloc(new[] { value, value });
                break;
            case 2:
                weak[index].Target = index % 2 == 0 ? keys[index % keys.Length] : new object();
                break;
            case 3:
                dependents[index].Dependent = new int[3];
                break;
            default:
                dependents[index].Dispose();
                dependents[index] = new DependentHandle(keys[index % keys.Length], new int[3]);
                break;
        }
    }

    private static int Inflate(object instance)
    {
        // Both in the header: a sync block is needed.
        int code = RuntimeHelpers.GetHashCode(instance);
        lock (instance)
        {
            return code;
        }
    }

    private static void MakeGarbage(int bytes)
    {
        for (int made = 0; made < bytes; made += 1024)
        {
            s_sink = new byte[1000];
        }
    }
}
