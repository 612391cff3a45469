using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry;

/// <summary>Reads JSON arrays into <see cref="NativeArray{T,TAllocator}"/>, and writes them.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
/// <param name="allocator">The allocator of the arrays, which must outlive them.</param>
public sealed class NativeArrayConverter<T, TAllocator>(TAllocator allocator)
    : JsonConverter<NativeArray<T, TAllocator>>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public override NativeArray<T, TAllocator> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The length is known at the end only, and the array must not be larger.
        using NativeList<T, TAllocator> list =
            JsonElements.ReadList<T, TAllocator>(ref reader, options, allocator);
        try
        {
            return new NativeArray<T, TAllocator>(allocator, list.AsSpan());
        }
        catch
        {
            JsonElements.ReleaseAll(list.AsSpan());
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, NativeArray<T, TAllocator> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        JsonElements.Write(writer, options, value.AsSlice());
    }
}
