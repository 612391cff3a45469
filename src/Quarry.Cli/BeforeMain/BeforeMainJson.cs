using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry.Cli.BeforeMain;

/// <summary>Writes a report as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(BeforeMainReport))]
internal sealed partial class BeforeMainJson : JsonSerializerContext
{
    internal static string Write(BeforeMainReport report)
    {
        // Keeps the characters of source code readable that only a web page would have to escape.
        JsonSerializerOptions readable = new(Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return JsonSerializer.Serialize(report, new BeforeMainJson(readable).BeforeMainReport) + "\n";
    }
}
