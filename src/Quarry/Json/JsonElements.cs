using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quarry;

/// <summary>Reads the elements of JSON arrays, and writes them.</summary>
internal static class JsonElements
{
    /// <summary>Reads an array, and frees what <paramref name="add"/> does not keep.</summary>
    internal static void Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, Func<T, bool> add)
        where T : unmanaged
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            T item = JsonSerializer.Deserialize(ref reader, type);
            bool isKept = false;
            try
            {
                isKept = add(item);
            }
            finally
            {
                Release<T>(isKept ? null : item);
            }
        }
    }

    /// <summary>Reads an array into a list, of which nothing is left if that fails.</summary>
    internal static NativeList<T, TAllocator> ReadList<T, TAllocator>(
        ref Utf8JsonReader reader, JsonSerializerOptions options, TAllocator allocator)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        NativeList<T, TAllocator> list = new(allocator);
        try
        {
            Read<T>(ref reader, options, item =>
            {
                list.Add(item);
                return true;
            });
            return list;
        }
        catch
        {
            ReleaseAll(list.AsSpan());
            list.Dispose();
            throw;
        }
    }

    /// <summary>Frees elements that were read, but have no owner.</summary>
    internal static void ReleaseAll<T>(ReadOnlySpan<T> items) where T : unmanaged
    {
        foreach (T item in items)
        {
            Release<T>(item);
        }
    }

    /// <summary>Frees an element that was read, but has no owner.</summary>
    internal static void Release<T>(T? item) where T : unmanaged
    {
        if (item is IDisposable owned)
        {
            owned.Dispose();
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
