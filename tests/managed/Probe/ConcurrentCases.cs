using System;
using System.Runtime;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>Collections that mark while threads run.</summary>
internal static class ConcurrentCases
{
    private static object? s_sink;

    /// <summary>
    /// Threads change shared objects in the latency mode in which nothing is collected while threads run.
    /// </summary>
    internal static void MutatorsInBatchMode()
    {
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        CollectionCases.Mutators();
    }

    /// <summary>A linked list of 10 million nodes, which takes long to mark.</summary>
    internal static void GrowingList()
    {
        const int Nodes = 10_000_000;
        object?[]? last = null;
        for (int node = 0; node < Nodes; node++)
        {
            last = [last];
        }

        int count = 0;
        for (; last is not null; last = (object?[]?)last[0])
        {
            count++;
        }

        Console.WriteLine(count);
    }

    /// <summary>
    /// A program that no longer allocates while a full collection is in progress, or else at the next
    /// attempt.
    /// </summary>
    internal static void Idle()
    {
        const int Attempts = 20, Milliseconds = 3000;
        bool ended = false;
        for (int attempt = 0; attempt < Attempts && !ended; attempt++)
        {
            AllocateUntilCollection(generation: 2);
            AllocateUntilCollection(generation: 0);
            int count = GC.CollectionCount(2);
            Thread.Sleep(Milliseconds);
            ended = GC.CollectionCount(2) > count;
        }

        GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.Background);
        Check.That(info is { Concurrent: true, Generation: 2, Index: > 0 });
        Check.That(!GC.GetGCMemoryInfo(GCKind.FullBlocking).Concurrent);
        Console.WriteLine(ended);
    }

    private static void AllocateUntilCollection(int generation)
    {
        int count = GC.CollectionCount(generation);
        while (GC.CollectionCount(generation) == count)
        {
            s_sink = new byte[1000];
        }
    }
}
