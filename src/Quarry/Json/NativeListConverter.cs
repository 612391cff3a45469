using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry;

/// <summary>Reads JSON arrays into <see cref="NativeList{T,TAllocator}"/>, and writes them.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
/// <param name="allocator">The allocator of the lists, which must outlive them.</param>
public sealed class NativeListConverter<T, TAllocator>(TAllocator allocator)
    : JsonConverter<NativeList<T, TAllocator>>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public override NativeList<T, TAllocator> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return JsonElements.ReadList<T, TAllocator>(ref reader, options, allocator);
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, NativeList<T, TAllocator> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        JsonElements.Write(writer, options, value.AsSlice());
    }
}
