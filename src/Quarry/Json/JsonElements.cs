using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quarry;

/// <summary>Reads the elements of JSON arrays, and writes them.</summary>
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

    internal static void Write<T>(
        Utf8JsonWriter writer, JsonSerializerOptions options, NativeSlice<T> items)
        where T : unmanaged
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (ref T item in items)
        {
            JsonSerializer.Serialize(writer, item, type);
        }

        writer.WriteEndArray();
    }

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException($"Expected {token}, found {reader.TokenType}.");
        }
    }
}
