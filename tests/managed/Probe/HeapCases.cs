using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>What only Quarry's heap does.</summary>
internal static class HeapCases
{
    private static object? s_kept;

    /// <summary>Allocates until standard input ends, so that a tool can attach.</summary>
    internal static void AllocateUntilInputEnds()
    {
        Thread reader = new(() => Console.In.ReadToEnd()) { IsBackground = true };
        reader.Start();
        Marker[] kept = [.. Enumerable.Range(0, 1000).Select(_ => new Marker())];
        Console.WriteLine("ready");
        while (reader.IsAlive)
        {
            s_kept = new byte[100];
            Thread.Sleep(TimeSpan.FromMicroseconds(10));
        }

        GC.KeepAlive(kept);
        Console.WriteLine("ended");
    }

    /// <summary>The difference of two censuses is exactly what was allocated between them.</summary>
    internal static void Census()
    {
        _ = ManagedHeap.TakeCensus();
        IReadOnlyList<TypeStatistics> before = ManagedHeap.TakeCensus();
        Thread other = new(() => s_kept = Enumerable.Range(0, 500).Select(_ => new Marker()).ToArray());
        other.Start();
        other.Join();
        for (int round = 0; round < 12; round++)
        {
            s_kept = new Marker[100_000];
        }

        for (int round = 0; round < 10_000; round++)
        {
            s_kept = new Marker();
        }

        IReadOnlyList<TypeStatistics> after = ManagedHeap.TakeCensus();
        foreach (Type type in new[] { typeof(Marker), typeof(Marker[]) })
        {
            TypeStatistics now = after.Single(usage => usage.Type == type);
            TypeStatistics then =
                before.SingleOrDefault(usage => usage.Type == type) ?? new TypeStatistics(type, 0, 0);
            Console.WriteLine($"{type.Name} {now.Objects - then.Objects} {now.Bytes - then.Bytes}");
        }
    }

    /// <summary>New threads use what exited threads left of their quanta.</summary>
    internal static void ReusedQuanta()
    {
        const int Threads = 5000, SmallestQuantum = 8 << 10;
        ShortThread();
        nuint before = ManagedHeap.GetStatistics().UsedBytes;
        for (int round = 0; round < Threads; round++)
        {
            ShortThread();
        }

        nuint grown = ManagedHeap.GetStatistics().UsedBytes - before;
        Check.That(grown < Threads * SmallestQuantum / 4);
        Console.WriteLine("reused");
    }

    /// <summary>Little is lost at the ends of quanta, whatever the sizes of objects.</summary>
    internal static void Waste()
    {
        const int Threads = 4, Arrays = 5000, LargestArray = 30_000;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(seed => new Thread(() =>
        {
            Random random = new(seed);
            for (int count = 0; count < Arrays; count++)
            {
                s_kept = new byte[random.Next(LargestArray)];
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        ManagedHeapStatistics figures = ManagedHeap.GetStatistics();
        Check.That(figures.AllocatedBytes > Threads * Arrays * (LargestArray / 2) * 9ul / 10);
        Check.That(figures.UsedBytes - figures.AllocatedBytes < figures.UsedBytes / 14);
        Console.WriteLine("little");
    }

    internal static void Library()
    {
        Console.WriteLine($"{ManagedHeap.IsActive} {ManagedHeap.Mode}");
        if (!ManagedHeap.IsActive)
        {
            Check.Throws<InvalidOperationException>(() => ManagedHeap.GetStatistics());
            Check.Throws<InvalidOperationException>(() => ManagedHeap.TakeCensus());
            return;
        }

        ManagedHeapStatistics figures = ManagedHeap.GetStatistics();
        Check.That(figures.AllocatedBytes <= figures.UsedBytes);
        Check.That(figures.UsedBytes <= figures.CommittedBytes);
        Check.That(figures.CommittedBytes <= figures.ReservedBytes);
        Check.That(
            ManagedHeap.TakeCensus().Sum(usage => usage.Bytes)
                <= (long)ManagedHeap.GetStatistics().AllocatedBytes);
    }

    /// <summary>Threads that request the last bytes of the heap at the same time.</summary>
    internal static void FillTogether()
    {
        const int Threads = 8;
        using Barrier barrier = new(Threads);
        byte[]?[] kept = new byte[Threads][];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            barrier.SignalAndWait();
            try
            {
                kept[number] = new byte[50_000_000];
            }
            catch (OutOfMemoryException)
            {
                kept[number] = null;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        long used = GC.GetTotalMemory(forceFullCollection: false);
        Console.WriteLine(used <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes ? "within" : $"{used}");
        GC.KeepAlive(kept);
    }

    /// <summary>A limit that is set while the program runs, changed, and removed.</summary>
    internal static void RefreshLimit()
    {
        const string Name = "GCHeapHardLimit";
        long before = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (ulong? limit in new ulong?[] { 512 << 20, 256 << 20, null })
        {
            AppContext.SetData(Name, limit);
            GC.RefreshMemoryLimit();
            long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            Console.WriteLine(available == before ? "unlimited" : $"{available}");
            if (limit == 256 << 20)
            {
                AppContext.SetData(Name, 1000UL);
                Check.Throws<InvalidOperationException>(GC.RefreshMemoryLimit);
                Console.WriteLine("too low");
                Console.WriteLine(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            }
        }
    }

    internal static void Available() => Console.WriteLine(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static void ShortThread()
    {
        Thread thread = new(static () => s_kept = new byte[100]);
        thread.Start();
        thread.Join();
    }

    internal sealed class Marker
    {
        internal Marker? Next { get; set; }

        internal int Number { get; set; }
    }
}
