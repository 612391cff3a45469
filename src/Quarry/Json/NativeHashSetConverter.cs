using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Quarry;

/// <summary>Reads JSON arrays into <see cref="NativeHashSet{T,TAllocator}"/>, and writes them.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
/// <param name="allocator">The allocator of the sets, which must outlive them.</param>
public sealed class NativeHashSetConverter<T, TAllocator>(TAllocator allocator)
    : JsonConverter<NativeHashSet<T, TAllocator>>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public override NativeHashSet<T, TAllocator> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        NativeHashSet<T, TAllocator> set = new(allocator);
        try
        {
            JsonElements.Read<T>(ref reader, options, set.Add);
            return set;
        }
        catch
        {
            foreach (T item in set)
            {
                JsonElements.Release<T>(item);
            }

            set.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, NativeHashSet<T, TAllocator> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (T item in value)
        {
            JsonSerializer.Serialize(writer, item, type);
        }

        writer.WriteEndArray();
    }
}
