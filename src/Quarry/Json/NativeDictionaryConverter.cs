using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Quarry;

/// <summary>
/// Reads JSON objects into <see cref="NativeDictionary{TKey,TValue,TAllocator}"/>, and writes them.
/// </summary>
/// <remarks>
/// Keys are property names: numbers, dates, <see cref="Guid"/> and other types whose converter supports that,
/// and <see cref="NativeUtf8String{TAllocator}"/> with its converter. The last one of equal names counts.
/// </remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
/// <param name="allocator">The allocator of the dictionaries, which must outlive them.</param>
public sealed class NativeDictionaryConverter<TKey, TValue, TAllocator>(TAllocator allocator)
    : JsonConverter<NativeDictionary<TKey, TValue, TAllocator>>
    where TKey : unmanaged
    where TValue : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public override NativeDictionary<TKey, TValue, TAllocator> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonElements.Expect(ref reader, JsonTokenType.StartObject);
        var keys = (JsonConverter<TKey>)options.GetTypeInfo(typeof(TKey)).Converter;
        var values = (JsonTypeInfo<TValue>)options.GetTypeInfo(typeof(TValue));
        NativeDictionary<TKey, TValue, TAllocator> dictionary = new(allocator);
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                TKey key = keys.ReadAsPropertyName(ref reader, typeof(TKey), options);
                TValue? value = null;
                try
                {
                    _ = reader.Read();
                    value = JsonSerializer.Deserialize(ref reader, values);
                    Put(dictionary, key, value.Value);
                }
                catch
                {
                    JsonElements.Release<TKey>(key);
                    JsonElements.Release(value);
                    throw;
                }
            }

            return dictionary;
        }
        catch
        {
            foreach ((TKey key, TValue value) in dictionary)
            {
                JsonElements.Release<TKey>(key);
                JsonElements.Release<TValue>(value);
            }

            dictionary.Dispose();
            throw;
        }
    }

    // Of equal names the last value counts, and the first key.
    private static void Put(NativeDictionary<TKey, TValue, TAllocator> dictionary, TKey key, TValue value)
    {
        if (!dictionary.TryAdd(key, value))
        {
            ref TValue former = ref dictionary.GetValueRefOrNullRef(key);
            JsonElements.Release<TValue>(former);
            former = value;
            JsonElements.Release<TKey>(key);
        }
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer,
        NativeDictionary<TKey, TValue, TAllocator> value,
        JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        var keys = (JsonConverter<TKey>)options.GetTypeInfo(typeof(TKey)).Converter;
        var values = (JsonTypeInfo<TValue>)options.GetTypeInfo(typeof(TValue));
        writer.WriteStartObject();
        foreach ((TKey key, TValue item) in value)
        {
            keys.WriteAsPropertyName(writer, key, options);
            JsonSerializer.Serialize(writer, item, values);
        }

        writer.WriteEndObject();
    }
}
