using System.Text.Json.Serialization;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Writes figures without reflection: one line each, so that a stream of them can be read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveFigures))]
internal sealed partial class LiveJson : JsonSerializerContext;
