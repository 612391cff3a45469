using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry.Cli.Benchmarking;

/// <summary>The outcome for programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(BenchmarkReport))]
internal sealed partial class BenchmarkJson : JsonSerializerContext
{
    internal static string Write(BenchmarkReport report) =>
        JsonSerializer.Serialize(report, Default.BenchmarkReport) + "\n";
}
