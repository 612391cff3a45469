// Two heaps of a service as OpenTelemetry metrics, printed by the console exporter.
//
//     dotnet run --project samples/Telemetry
//     LD_PRELOAD=libquarry.so dotnet run --project samples/Telemetry      # the process's malloc, too

using System;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Quarry;

using Heap cache = new(), heap = new();
using Counting<Heap> requests = new(heap);

// A registration that is not disposed of ends with its heap.
_ = QuarryTelemetry.Register("cache", cache);
_ = QuarryTelemetry.Register("requests", requests);

using MeterProvider provider = Sdk.CreateMeterProviderBuilder()
    .AddMeter(QuarryTelemetry.MeterName)
    .AddConsoleExporter()
    .Build();

using NativeArray<byte, Heap> page = new(cache, 64 * 1024);
for (int request = 1; request <= 1000; request++)
{
    using NativeList<int, Counting<Heap>> answer = new(requests, capacity: 100);
    answer.Add(request);
}

// A service exports every minute, and when it ends.
Console.WriteLine($"exported: {provider.ForceFlush()}");
