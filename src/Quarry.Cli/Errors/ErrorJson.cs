using System.Text.Json.Serialization;

namespace Quarry.Cli.Errors;

/// <summary>How errors are read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MemoryError<ErrorFrame>))]
internal sealed partial class ErrorJson : JsonSerializerContext;
