using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>
/// A program that keeps starting threads: in each mode, what they leave in the runtime is freed, and
/// finalizers run for the objects that nothing refers to, and for no others.
/// </summary>
internal static class ExitedThreadCases
{
    // 36 MB of native memory, if it stayed.
    private const int Threads = 6000, Starters = 2;
    private const long MostGrowth = 24 << 20;

    private static readonly ConditionalWeakTable<object, Watched> s_table = [];
    private static object? s_key;
    private static GCHandle s_handle;

    internal static void Run()
    {
        Counts kept = new(), dropped = new();
        Watched[] fields = [.. Enumerable.Range(0, 100).Select(_ => new Watched(kept))];
        s_key = new object();
        s_table.Add(s_key, new Watched(kept));
        s_handle = GCHandle.Alloc(new Watched(kept));
        WeakReference alive = new(fields[0]);
        Span<byte> middle = MakeArray(out WeakReference array);
        WeakReference dead = MakeDead(dropped), tracking = MakeTracking(fields);
        RunThreads(dropped);
        long before = Environment.WorkingSet;
        RunThreads(dropped);
        long growth = Environment.WorkingSet - before;
        if (growth > MostGrowth)
        {
            throw new InvalidOperationException($"grew by {growth >> 20} MiB");
        }

        // The finalizer thread may not have run yet.
        for (int wait = 0; wait < 1000 && dropped.Finalized < Threads; wait++)
        {
            Thread.Sleep(10);
        }

        Check.That(dropped.Finalized is >= Threads and <= (2 * Threads) + 1);
        Check.That(kept.Finalized == 0);
        Check.That(alive.IsAlive && array.IsAlive && tracking.IsAlive && !dead.IsAlive);
        Check.That(s_table.TryGetValue(s_key, out _));
        Check.That(middle[0] == 7);
        Check.That(s_handle.Target is Watched);
        GC.KeepAlive(fields);
        Console.WriteLine("freed");
    }

    private static void RunThreads(Counts dropped)
    {
        Thread[] starters = [.. Enumerable.Range(0, Starters).Select(_ => new Thread(() =>
        {
            for (int number = 0; number < Threads / Starters; number++)
            {
                Thread one = new(() => Drop(dropped));
                one.Start();
                one.Join();
                Check.That(!one.IsAlive);
            }
        }))];
        Array.ForEach(starters, starter => starter.Start());
        Array.ForEach(starters, starter => starter.Join());
        Check.That(starters.All(starter => !starter.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Counts counts) => _ = new Watched(counts);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> MakeArray(out WeakReference weak)
    {
        byte[] array = new byte[1000];
        array[500] = 7;
        weak = new WeakReference(array);
        return array.AsSpan(500);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeDead(Counts counts) => new(new Watched(counts));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeTracking(Watched[] fields) => new(fields[^1], trackResurrection: true);

    private sealed class Counts
    {
        public int Finalized;
    }

    private sealed class Watched(Counts counts)
    {
        ~Watched()
        {
            Interlocked.Increment(ref counts.Finalized);
        }
    }
}
