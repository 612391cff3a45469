using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Quarry.Tests.Telemetry;

/// <summary>What a listener of the meter receives in one collection, by instrument and name.</summary>
internal sealed class MeterReading
{
    private readonly Dictionary<(string Instrument, string Heap), long> _values = [];
    private readonly Dictionary<string, Instrument> _instruments = [];

    internal IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    internal static MeterReading Take()
    {
        MeterReading reading = new();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Meter.Name == QuarryTelemetry.MeterName)
            {
                of.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            reading._instruments[instrument.Name] = instrument;
            reading._values.Add((instrument.Name, (string)tags[0].Value!), value);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return reading;
    }

    /// <summary>Gets a value; null if the listener received none.</summary>
    internal long? Of(string heap, string figure) =>
        _values.TryGetValue(($"quarry.heap.{figure}", heap), out long value) ? value : null;
}
