using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Quarry.Bench;

/// <summary>Reading of the workloads, writing of the results.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Workload>))]
[JsonSerializable(typeof(SuiteReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
