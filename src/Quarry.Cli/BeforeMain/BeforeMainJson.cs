using System.Text.Encodings.Web;
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
    internal static string Write(BeforeMainReport report)
    {
        // Code is full of what only a web page would have to have escaped.
        JsonSerializerOptions readable = new(Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return JsonSerializer.Serialize(report, new BeforeMainJson(readable).BeforeMainReport) + "\n";
    }
}
