using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Quarry.ManagedBench;

/// <summary>
/// Records how long the threads of this process are suspended by collections: from the start of a suspension
/// to the end of the restart.
/// </summary>
internal sealed class PauseListener : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Collections = (EventKeywords)1;

    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];
    private DateTime _start;

    /// <summary>Runs a workload, and prints its pauses: number, median, 99th percentile, maximum.</summary>
    internal static void Run(Action workload)
    {
        using PauseListener listener = new();
        workload();

        // Events arrive with a delay.
        Thread.Sleep(500);
        Console.WriteLine(listener.Describe());
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
        {
            EnableEvents(eventSource, EventLevel.Informational, Collections);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_lock)
        {
            // SUSPEND_FOR_GC and SUSPEND_FOR_GC_PREP: other suspensions are not of the collector.
            const uint ForCollection = 1, ForPreparation = 6;
            switch (eventData.EventName)
            {
                case "GCSuspendEEBegin_V1" when eventData.Payload![0] is ForCollection or ForPreparation:
                    _start = eventData.TimeStamp;
                    break;
                case "GCRestartEEEnd_V1" when _start != default:
                    _milliseconds.Add((eventData.TimeStamp - _start).TotalMilliseconds);
                    _start = default;
                    break;
            }
        }
    }

    private string Describe()
    {
        lock (_lock)
        {
            double[] sorted = [.. _milliseconds.Order()];
            return sorted.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture,
                $"{sorted.Length}: {At(0.5):0.0}, {At(0.99):0.0}, {sorted[^1]:0.0} ms");

            double At(double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
        }
    }
}
