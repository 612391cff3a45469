using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>Events and counters, received inside the program.</summary>
internal static class EventCases
{
    internal static void AllocationTicks()
    {
        using Listener listener = new("Microsoft-Windows-DotNETRuntime", (EventKeywords)1, []);
        List<byte[]> kept = [];
        while (!listener.Seen.ContainsKey("GCAllocationTick_V4"))
        {
            kept.Add(new byte[1000]);
            kept.Add(new byte[100_000]);
        }

        EventWrittenEventArgs tick = listener.Seen["GCAllocationTick_V4"];
        Check.That((ulong)tick.Payload![3]! > 0);
        Check.That(((string)tick.Payload[5]!).Length > 0);
        Console.WriteLine(string.Join(' ', tick.PayloadNames!));
    }

    internal static void Counters()
    {
        Dictionary<string, string?> everySecond = new() { ["EventCounterIntervalSec"] = "1" };
        using Listener listener = new("System.Runtime", EventKeywords.All, everySecond);
        string[] names = ["gc-heap-size", "alloc-rate", "gen-0-size", "time-in-gc", "gen-0-gc-budget"];
        while (!names.All(listener.Counters.ContainsKey))
        {
            GC.KeepAlive(new byte[1000]);
            Thread.Sleep(1);
        }

        Check.That(names.All(name => listener.Counters[name] >= 0));
        Console.WriteLine(string.Join(' ', names));
    }

    /// <summary>
    /// The events of collections, with their fields; not those about structures of the stock collector alone.
    /// </summary>
    internal static void Collections()
    {
        string[] names =
        [
            "GCSuspendEEBegin_V1", "GCTriggered", "GCStart_V2", "GCMarkWithType", "GCPerHeapHistory_V3",
            "GCGlobalHeapHistory_V4", "GCEnd_V1", "GCHeapStats_V2", "GCRestartEEEnd_V1",
        ];

        // Otherwise, the budget of a processor with a small cache makes the first collection that is seen.
        Check.That(GC.TryStartNoGCRegion(16 << 20));
        using Listener listener = new("Microsoft-Windows-DotNETRuntime", (EventKeywords)1, []);
        byte[][] kept = [.. Enumerable.Range(0, 3000).Select(_ => new byte[1000])];
        GC.EndNoGCRegion();
        GCHandle pinned = GCHandle.Alloc(kept, GCHandleType.Weak);
        while (!names.All(listener.Seen.ContainsKey))
        {
            GC.Collect(0);
            Thread.Sleep(10);
        }

        pinned.Free();
        GC.KeepAlive(kept);
        foreach (string name in names)
        {
            Console.WriteLine($"{name} {string.Join(' ', listener.Seen[name].PayloadNames!)}");
        }

        // Which fields have a value; the first collection after that of the listener's start.
        Check.That((uint)listener.Value("GCStart_V2", "Depth") == 0);
        Check.That((uint)listener.Value("GCStart_V2", "Reason") == 1);
        Check.That((uint)listener.Value("GCGlobalHeapHistory_V4", "CondemnedGeneration") == 0);
        Check.That((ulong)listener.Value("GCGlobalHeapHistory_V4", "FinalYoungestDesired") > 100_000);
        Check.That((uint)listener.Value("GCGlobalHeapHistory_V4", "MemoryPressure") is > 0 and <= 100);
        ulong promoted = (ulong)listener.Value("GCHeapStats_V2", "TotalPromotedSize0");
        Check.That(promoted is > 3_000_000 and < 30_000_000);
        Check.That((uint)listener.Value("GCHeapStats_V2", "GCHandleCount") is > 20 and < 100_000);
        Check.That((uint)listener.Value("GCHeapStats_V2", "SinkBlockCount") < 100_000);
        Check.That((ulong)listener.Value("GCHeapStats_V2", "GenerationSize4") < 1_000_000);
        Check.That(listener.Marked > 3_000_000);
    }

    private sealed class Listener(
        string provider, EventKeywords keywords, Dictionary<string, string?> arguments) : EventListener
    {
        internal ConcurrentDictionary<string, EventWrittenEventArgs> Seen { get; } = [];

        internal ConcurrentDictionary<string, double> Counters { get; } = [];

        /// <summary>The number of bytes that collections have marked.</summary>
        internal ulong Marked { get; private set; }

        /// <summary>Returns a field of the first event of a name.</summary>
        internal object Value(string name, string field) =>
            Seen[name].Payload![Seen[name].PayloadNames!.IndexOf(field)]!;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == provider)
            {
                EnableEvents(eventSource, EventLevel.Verbose, keywords, arguments);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            Seen.TryAdd(eventData.EventName!, eventData);
            if (eventData.EventName == "GCMarkWithType")
            {
                Marked += (ulong)eventData.Payload![3]!;
            }

            if (eventData.EventName == "EventCounters"
                && eventData.Payload![0] is IDictionary<string, object> counter)
            {
                object value = counter.TryGetValue("Mean", out object? mean) ? mean : counter["Increment"];
                Counters[(string)counter["Name"]] = (double)value;
            }
        }
    }
}
