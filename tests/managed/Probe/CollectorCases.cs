using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>The class <see cref="GC"/> and its settings.</summary>
internal static class CollectorCases
{
    internal static void Collect()
    {
        object[] kept = [.. Enumerable.Range(0, 1000).Select(number => (object)$"{number}")];
        GC.Collect();
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            foreach (GCCollectionMode mode in Enum.GetValues<GCCollectionMode>())
            {
                if (mode != GCCollectionMode.Aggressive || generation == GC.MaxGeneration)
                {
                    bool compacts = mode == GCCollectionMode.Aggressive;
                    GC.Collect(generation, mode, blocking: true, compacts);
                }
            }

            Check.That(GC.CollectionCount(generation) >= 0);
        }

        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.WaitForPendingFinalizers();
        Check.That(GC.GetGeneration(kept) <= GC.MaxGeneration);
        Check.That(GC.GetGeneration(new byte[100_000]) == GC.MaxGeneration);
        Check.That(GC.GetGeneration(new byte[1000]) < GC.MaxGeneration);
        Check.That(GC.WaitForFullGCComplete(0) == GCNotificationStatus.NotApplicable);
        GC.RefreshMemoryLimit();
        Console.WriteLine($"{GC.MaxGeneration} {string.Concat(kept).Length}");
    }

    internal static void Finalizers()
    {
        Finalizable kept = new();
        GC.SuppressFinalize(kept);
        GC.ReRegisterForFinalize(kept);
        Finalizable[] many = [.. Enumerable.Range(0, 1000).Select(_ => new Finalizable())];
        Array.ForEach(many, GC.SuppressFinalize);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.KeepAlive(kept);
        GC.KeepAlive(many);
        Console.WriteLine(many.Sum(one => one.Value));
    }

    /// <summary>The number of bytes that a thread has allocated is exact.</summary>
    internal static void Bytes()
    {
        Console.WriteLine(BytesOf(() => new object()));
        Console.WriteLine(BytesOf(() => new byte[100]));
        Console.WriteLine(BytesOf(() => new byte[1000]));
        Console.WriteLine(BytesOf(() => new byte[100_000]));
        Console.WriteLine(BytesOf(() => new string('x', 11)));
        Console.WriteLine(BytesOf(() => Enumerable.Range(0, 3000).Select(size => new byte[size]).ToArray()));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        long used = GC.GetTotalMemory(forceFullCollection: false);
        byte[] large = new byte[10_000_000];
        Check.That(GC.GetTotalAllocatedBytes(precise: true) - before is > 10_000_000 and < 10_200_000);
        Check.That(GC.GetTotalMemory(forceFullCollection: false) - used is > 9_000_000 and < 12_000_000);
        GC.KeepAlive(large);
    }

    internal static void MemoryInfo()
    {
        foreach (GCKind kind in Enum.GetValues<GCKind>())
        {
            GCMemoryInfo info = GC.GetGCMemoryInfo(kind);
            Check.That(info.TotalAvailableMemoryBytes > 0);
            Check.That(info.HighMemoryLoadThresholdBytes <= info.TotalAvailableMemoryBytes);
            Check.That(info.HeapSizeBytes >= 0 && info.FragmentedBytes >= 0 && info.TotalCommittedBytes >= 0);
            Check.That(info.MemoryLoadBytes >= 0 && info.MemoryLoadBytes < 1L << 50);
            Check.That(info.PauseDurations.Length == 2 && info.PauseTimePercentage is >= 0 and <= 100);
            Check.That(info.GenerationInfo.Length == 5 && info.Generation <= GC.MaxGeneration);
            foreach (GCGenerationInfo generation in info.GenerationInfo)
            {
                Check.That(generation.SizeAfterBytes is >= 0 and < 1L << 50);
                Check.That(generation.FragmentationAfterBytes is >= 0 and < 1L << 50);
            }

            Console.WriteLine(kind);
        }

        Check.That(GC.GetTotalPauseDuration() >= TimeSpan.Zero);
    }

    internal static void LatencyModes()
    {
        foreach (GCLatencyMode mode in new[] { GCLatencyMode.Batch, GCLatencyMode.Interactive })
        {
            GCSettings.LatencyMode = mode;
        }

        Check.That(GCSettings.LatencyMode is GCLatencyMode.Interactive or GCLatencyMode.Batch);
        Check.Throws<ArgumentOutOfRangeException>(() => GCSettings.LatencyMode = GCLatencyMode.NoGCRegion);
        Console.WriteLine("latency");
    }

    internal static void NoCollectionRegion()
    {
        Check.Throws<InvalidOperationException>(GC.EndNoGCRegion);
        for (int round = 0; round < 3; round++)
        {
            Console.WriteLine(GC.TryStartNoGCRegion(1_000_000));
            Console.WriteLine(GCSettings.LatencyMode);
            GC.KeepAlive(new byte[10_000]);
            GC.EndNoGCRegion();
            Console.WriteLine(GCSettings.LatencyMode != GCLatencyMode.NoGCRegion);
        }

        // More than any machine has.
        Console.WriteLine(GC.TryStartNoGCRegion(1L << 45));
    }

    internal static void NoCollectionRegionCallback()
    {
        using ManualResetEventSlim called = new();
        Check.Throws<InvalidOperationException>(() => GC.RegisterNoGCRegionCallback(1000, called.Set));
        Check.That(GC.TryStartNoGCRegion(20_000_000));
        GC.RegisterNoGCRegionCallback(1_000_000, called.Set);
        for (int round = 0; round < 1000 && !called.IsSet; round++)
        {
            GC.KeepAlive(new byte[10_000]);
        }

        called.Wait();
        GC.EndNoGCRegion();

        // A callback of a region that ends before.
        Check.That(GC.TryStartNoGCRegion(20_000_000));
        GC.RegisterNoGCRegionCallback(15_000_000, () => throw new InvalidOperationException("too early"));
        GC.EndNoGCRegion();
        GC.WaitForPendingFinalizers();
        Console.WriteLine("called");
    }

    /// <summary>Regions that a collection has ended: the program learns of it.</summary>
    internal static void NoCollectionRegionEnded()
    {
        Check.That(GC.TryStartNoGCRegion(1_000_000));
        GC.Collect();
        Console.WriteLine(GCSettings.LatencyMode == GCLatencyMode.NoGCRegion);
        Check.Throws<InvalidOperationException>(GC.EndNoGCRegion);
        Check.That(GC.TryStartNoGCRegion(1_000_000));
        int before = GC.CollectionCount(0);
        while (GC.CollectionCount(0) == before)
        {
            GC.KeepAlive(new byte[10_000]);
        }

        Console.WriteLine(GCSettings.LatencyMode == GCLatencyMode.NoGCRegion);
        Check.Throws<InvalidOperationException>(GC.EndNoGCRegion);
        Check.That(GC.TryStartNoGCRegion(1_000_000));
        GC.EndNoGCRegion();
        Console.WriteLine("ended");
    }

    /// <summary>While the program asks for short pauses, full collections only happen on request.</summary>
    internal static void LowLatency()
    {
        GCSettings.LatencyMode = GCLatencyMode.LowLatency;
        int before = GC.CollectionCount(2);
        List<byte[]> kept = [];
        for (int made = 0; made < 100_000; made++)
        {
            kept.Add(new byte[2000]);
        }

        Console.WriteLine(GC.CollectionCount(2) == before);
        Console.WriteLine(GCSettings.LatencyMode);
        GC.Collect();
        Console.WriteLine(GC.CollectionCount(2) > before);
        GC.KeepAlive(kept);
    }

    /// <summary>Callbacks that become due while the thread that runs them is busy.</summary>
    internal static void NoCollectionRegionCallbacks()
    {
        using ManualResetEventSlim busy = new(), released = new();
        using CountdownEvent called = new(3);
        RunRegion(() =>
        {
            busy.Set();
            released.Wait();
            called.Signal();
        });
        busy.Wait();
        RunRegion(() => called.Signal());
        RunRegion(() => called.Signal());
        released.Set();
        Console.WriteLine(called.Wait(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Programs wait for the count to change after they have asked for a collection.</summary>
    internal static void CollectionCount()
    {
        int[] before = [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)];
        GC.Collect();
        Console.WriteLine(string.Join(
            ' ', before.Select((count, generation) => GC.CollectionCount(generation) > count)));
        int oldest = GC.CollectionCount(GC.MaxGeneration);
        GC.Collect(0);
        Console.WriteLine(GC.CollectionCount(GC.MaxGeneration) == oldest);
    }

    internal static void CompactOnce()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        Console.WriteLine(GCSettings.LargeObjectHeapCompactionMode);
        GC.Collect();
        Console.WriteLine(GCSettings.LargeObjectHeapCompactionMode);
    }

    /// <summary>Waits for full collections, which are not concurrent.</summary>
    internal static void Notifications()
    {
        Check.That(GC.WaitForFullGCApproach(0) == GCNotificationStatus.NotApplicable);
        GC.RegisterForFullGCNotification(10, 10);
        Check.That(GC.WaitForFullGCApproach(20) == GCNotificationStatus.Timeout);
        Check.That(GC.WaitForFullGCComplete(20) == GCNotificationStatus.Timeout);
        GCNotificationStatus status = GCNotificationStatus.Failed;
        Thread waiting = new(() => status = GC.WaitForFullGCComplete());
        waiting.Start();
        Check.That(!waiting.Join(50));
        GC.CancelFullGCNotification();
        waiting.Join();
        Check.That(GC.WaitForFullGCComplete(0) == GCNotificationStatus.NotApplicable);
        Console.WriteLine(status);
    }

    internal static void MemoryPressure()
    {
        for (int round = 0; round < 200; round++)
        {
            GC.AddMemoryPressure(50_000_000);
        }

        for (int round = 0; round < 200; round++)
        {
            GC.RemoveMemoryPressure(50_000_000);
        }

        Console.WriteLine("pressure");
    }

    internal static void Settings()
    {
        Check.That(GC.GetConfigurationVariables().Count > 0);
        Check.That(GC.GetConfigurationVariables().All(pair => pair.Value is long or string or bool));
        Console.WriteLine("settings");
    }

    private static void RunRegion(Action callback)
    {
        const int CallbackBytes = 1_000_000;
        Check.That(GC.TryStartNoGCRegion(20_000_000));
        GC.RegisterNoGCRegionCallback(CallbackBytes, callback);
        for (int bytes = 0; bytes <= CallbackBytes * 2; bytes += 10_000)
        {
            GC.KeepAlive(new byte[10_000]);
        }

        GC.EndNoGCRegion();
    }

    private static long BytesOf(Func<object> make)
    {
        GC.KeepAlive(make());
        long before = GC.GetAllocatedBytesForCurrentThread();
        object made = make();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(made);
        return bytes;
    }

    private sealed class Finalizable
    {
        ~Finalizable() => Value++;

        internal int Value { get; private set; }
    }
}
