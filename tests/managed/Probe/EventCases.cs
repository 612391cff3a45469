using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Linq;
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

    private sealed class Listener(
        string provider, EventKeywords keywords, Dictionary<string, string?> arguments) : EventListener
    {
        internal ConcurrentDictionary<string, EventWrittenEventArgs> Seen { get; } = [];

        internal ConcurrentDictionary<string, double> Counters { get; } = [];

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
            if (eventData.EventName == "EventCounters"
                && eventData.Payload![0] is IDictionary<string, object> counter)
            {
                object value = counter.TryGetValue("Mean", out object? mean) ? mean : counter["Increment"];
                Counters[(string)counter["Name"]] = (double)value;
            }
        }
    }
}
