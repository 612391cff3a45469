using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry.Cli.BeforeMain;

/// <summary>The outcome for programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(BeforeMainReport))]
internal sealed partial class BeforeMainJson : JsonSerializerContext
{
    internal static string Write(BeforeMainReport report) =>
        JsonSerializer.Serialize(report, Default.BeforeMainReport) + "\n";
}
