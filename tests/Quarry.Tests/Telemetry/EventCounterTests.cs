using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>The event counters, as a session sees them that collects every tenth of a second.</summary>
[Collection(nameof(TelemetryGroup))]
public sealed unsafe class EventCounterTests
{
    [Fact]
    public void The_counters_have_the_figures_until_the_heap_is_disposed()
    {
        using Counting<SystemHeap> counting = new(default);
        Heap heap = new();
        using IDisposable first = QuarryTelemetry.Register("events", heap);
        using IDisposable second = QuarryTelemetry.Register("counted-events", counting);
        using Session session = new();
        void* block = heap.Allocate(Layout.Create(4096, 16));
        void* counted = counting.Allocate(Layout.Create(100, 8));

        session.WaitFor("events", "quarry.heap.in_use", value => value == 4096);
        session.WaitFor("events", "quarry.heap.committed", value => value >= 4096);
        session.WaitFor("events", "quarry.heap.resident", value => value > 0);
        session.WaitFor("events", "quarry.heap.peak", value => value >= 4096);
        session.WaitFor("counted-events", "quarry.heap.in_use", value => value == 100);

        // The increments of one interval, now that the first has passed.
        _ = heap.Allocate(Layout.Create(8192, 16));
        session.WaitFor("events", "quarry.heap.allocations", value => value == 1);
        session.WaitFor("events", "quarry.heap.allocated", value => value == 8192);
        heap.Deallocate(block, Layout.Create(4096, 16));
        session.WaitFor("events", "quarry.heap.frees", value => value == 1);
        Assert.DoesNotContain(session.Seen, one => one is ("counted-events", "quarry.heap.resident"));

        heap.Dispose();
        session.WaitForEnd("events", stays: "counted-events");
        counting.Deallocate(counted, Layout.Create(100, 8));
    }

    private sealed class Session : EventListener
    {
        private readonly ConcurrentQueue<(string Heap, string Counter, double Value)> _received = new();
        private readonly List<(string Heap, string Counter, double Value)> _seen = [];

        internal IEnumerable<(string Heap, string Counter)> Seen =>
            _seen.Select(one => (one.Heap, one.Counter)).Distinct();

        internal void WaitFor(string heap, string counter, Predicate<double> expected) => Assert.True(
            SpinWait.SpinUntil(
                () => Drain().Any(one => one.Heap == heap && one.Counter == counter && expected(one.Value)),
                TimeSpan.FromSeconds(20)),
            $"{heap} {counter} was not as expected, but {string.Join(", ", _seen)}");

        /// <summary>Waits until the other heap was reported ten times, and this one was not.</summary>
        internal void WaitForEnd(string heap, string stays) => Assert.True(
            SpinWait.SpinUntil(
                () => Drain().AsEnumerable().Reverse().TakeWhile(one => one.Heap != heap)
                    .Count(one => one is { Counter: "quarry.heap.in_use" } && one.Heap == stays) >= 10,
                TimeSpan.FromSeconds(20)),
            $"{heap} is still reported");

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == QuarryTelemetry.EventSourceName)
            {
                EnableEvents(
                    eventSource,
                    EventLevel.LogAlways,
                    EventKeywords.All,
                    new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" });
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName == "EventCounters")
            {
                var payload = (IDictionary<string, object?>)eventData.Payload![0]!;
                object value = payload.TryGetValue("Mean", out object? mean) ? mean! : payload["Increment"]!;
                string heap = ((string)payload["Metadata"]!)["quarry.heap:".Length..];
                _received.Enqueue((heap, (string)payload["Name"]!, (double)value));
            }
        }

        private List<(string Heap, string Counter, double Value)> Drain()
        {
            while (_received.TryDequeue(out var one))
            {
                _seen.Add(one);
            }

            return _seen;
        }
    }
}
