using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Threading;

namespace Quarry;

/// <summary>An allocator whose figures are published under a name.</summary>
/// <remarks>
/// Event counters are polled under locks of the runtime that creating and disposing of a counter takes, too.
/// Therefore no counter is created or disposed of while <see cref="_lock"/> is held, or by a poll.
/// </remarks>
internal sealed class TelemetryRegistration : IDisposable
{
    // Long enough for one collection of all figures, and short beside the interval between collections.
    private const long MaxAgeMilliseconds = 100;

    private readonly Func<HeapFigures?> _read;

    // Disposal waits for it, so afterwards no observer uses the allocator.
    private readonly Lock _lock = new();

    private HeapFigures _figures;
    private long _readAt;

    // A bit for each metric observed since the figures were read. One collection observes every metric once:
    // all come from one reading, and a metric that is observed again begins the next one.
    private uint _observed = uint.MaxValue;

    private bool _isDisposed;
    private DiagnosticCounter[]? _counters;

    /// <param name="name">The name.</param>
    /// <param name="read">Reads the figures; returns null if the allocator is disposed.</param>
    internal TelemetryRegistration(string name, Func<HeapFigures?> read)
    {
        Name = name;
        Tag = new KeyValuePair<string, object?>(HeapMeter.NameKey, name);
        _read = read;
    }

    internal string Name { get; }

    internal KeyValuePair<string, object?> Tag { get; }

    /// <summary>Observes a metric.</summary>
    /// <returns>Null if the allocator does not have the figure, or is disposed.</returns>
    internal long? Observe(HeapMetric metric)
    {
        lock (_lock)
        {
            uint bit = 1u << metric.Index;
            if ((_observed & bit) != 0 || Environment.TickCount64 - _readAt > MaxAgeMilliseconds)
            {
                Refresh();
            }

            _observed |= bit;
            return _isDisposed ? null : metric.Select(_figures);
        }
    }

    /// <summary>
    /// Observes a metric for an event counter, which needs a number even after disposal: 0, or the last value
    /// of a total, so that the final increment is 0.
    /// </summary>
    internal double Poll(HeapMetric metric) =>
        Observe(metric) ?? (metric.IsTotal ? metric.Select(_figures) ?? 0 : 0);

    /// <summary>Determines whether the allocator is alive; if not, the registration ends.</summary>
    internal bool IsAlive()
    {
        lock (_lock)
        {
            Refresh();
            return !_isDisposed;
        }
    }

    internal void OpenCounters()
    {
        _ = Interlocked.Exchange(ref _counters, HeapEventSource.CreateCounters(this));

        // Either this read or the exchange in CloseCounters is the later one, as both follow a full fence.
        if (Volatile.Read(ref _isDisposed))
        {
            CloseCounters();
        }
    }

    /// <summary>Ends the registration. No observer uses the allocator afterwards.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        QuarryTelemetry.Remove(this);
        CloseCounters();
    }

    private void Refresh()
    {
        HeapFigures? read = _isDisposed ? null : _read();
        _observed = 0;
        _readAt = Environment.TickCount64;
        if (read is { } figures)
        {
            // Without pages the figures are exact, and a decrease is a reset by the user.
            _figures = figures.Committed == null ? figures : figures.NotBelow(_figures);
        }
        else
        {
            _isDisposed = true;
            QuarryTelemetry.Remove(this);
            _ = ThreadPool.UnsafeQueueUserWorkItem(
                static registration => registration.CloseCounters(), this, preferLocal: false);
        }
    }

    private void CloseCounters()
    {
        foreach (DiagnosticCounter counter in Interlocked.Exchange(ref _counters, null) ?? [])
        {
            counter.Dispose();
        }
    }
}
