using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quarry;

/// <summary>Reads the elements of JSON arrays.</summary>
internal static class JsonElements
{
    internal static void Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, Action<T> add)
        where T : unmanaged
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            add(JsonSerializer.Deserialize(ref reader, type));
        }
    }

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException($"Expected {token}, found {reader.TokenType}.");
        }
    }
}
