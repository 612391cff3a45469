using System.Text.Json.Serialization;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Writes reports without reflection, which would cost start-up time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(ProfileReport))]
internal sealed partial class ProfileJson : JsonSerializerContext;
