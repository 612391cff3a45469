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
    // Code is full of what only a web page would have to have escaped.
    private static readonly BeforeMainJson s_readable =
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    internal static string Write(BeforeMainReport report) =>
        JsonSerializer.Serialize(report, s_readable.BeforeMainReport) + "\n";
}
