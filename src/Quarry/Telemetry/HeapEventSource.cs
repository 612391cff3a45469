using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;

namespace Quarry;

/// <summary>The event counters: the figures of the meter for readers of event pipes.</summary>
[EventSource(Name = QuarryTelemetry.EventSourceName)]
internal sealed class HeapEventSource : EventSource
{
    private static readonly HeapEventSource s_instance = new();

    private HeapEventSource()
    {
    }

    /// <summary>
    /// Creates the counters of an allocator. They are read only while a session collects them.
    /// </summary>
    internal static DiagnosticCounter[] CreateCounters(TelemetryRegistration registration)
    {
        var counters = new List<DiagnosticCounter>();
        foreach (HeapMetric metric in HeapMetric.All)
        {
            if (registration.Observe(metric) != null)
            {
                DiagnosticCounter counter = CreateCounter(metric, () => registration.Poll(metric));
                counter.DisplayName = metric.Description;
                counter.DisplayUnits = metric.Unit == HeapMetric.Bytes ? "B" : "blocks";
                counter.AddMetadata(HeapMeter.NameKey, registration.Name);
                counters.Add(counter);
            }
        }

        return [.. counters];
    }

    // A total is shown as its rate, as readers show the counters of a meter.
    private static DiagnosticCounter CreateCounter(HeapMetric metric, Func<double> poll) => metric.IsTotal
        ? new IncrementingPollingCounter(metric.Name, s_instance, poll)
        {
            DisplayRateTimeScale = TimeSpan.FromSeconds(1),
        }
        : new PollingCounter(metric.Name, s_instance, poll);
}
