using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Quarry;

/// <summary>The meter and its instruments, which are observed only when a listener asks.</summary>
internal static class HeapMeter
{
    /// <summary>The attribute that holds the name of the allocator.</summary>
    internal const string NameKey = "quarry.heap";

    // Held for the life of the process.
    private static readonly Meter s_meter = new(QuarryTelemetry.MeterName);

    internal static void Create()
    {
        foreach (HeapMetric metric in HeapMetric.All)
        {
            _ = metric.IsTotal
                ? (Instrument)s_meter.CreateObservableCounter(
                    metric.Name, () => Observe(metric), metric.Unit, metric.Description)
                : s_meter.CreateObservableUpDownCounter(
                    metric.Name, () => Observe(metric), metric.Unit, metric.Description);
        }
    }

    // Several listeners can observe an instrument at the same time, so there is no list to use again.
    private static List<Measurement<long>> Observe(HeapMetric metric)
    {
        var registrations = QuarryTelemetry.Registrations;
        var measurements = new List<Measurement<long>>(registrations.Length);
        foreach (TelemetryRegistration registration in registrations)
        {
            if (registration.Observe(metric) is { } value)
            {
                measurements.Add(new Measurement<long>(value, registration.Tag));
            }
        }

        return measurements;
    }
}
