using System.Text.Json.Serialization;

namespace Quarry.Cli.Statistics;

/// <summary>Reading and writing of the figures without reflection, which would cost start-up time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(HeapStatistics))]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
