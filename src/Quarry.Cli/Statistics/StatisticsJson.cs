using System.Text.Json.Serialization;

namespace Quarry.Cli.Statistics;

/// <summary>Reads and writes statistics without reflection, which would cost start-up time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(ProcessStatistics))]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
