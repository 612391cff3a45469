using System;
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry;

/// <summary>
/// Reads JSON strings into <see cref="NativeUtf8String{TAllocator}"/>, without a managed string, and writes
/// them.
/// </summary>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
/// <param name="allocator">The allocator of the strings, which must outlive them.</param>
public sealed class NativeUtf8StringConverter<TAllocator>(TAllocator allocator)
    : JsonConverter<NativeUtf8String<TAllocator>>
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public override NativeUtf8String<TAllocator> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"Expected a string, found {reader.TokenType}.");
        }

        return ReadText(ref reader);
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, NativeUtf8String<TAllocator> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.AsSpan());
    }

    /// <inheritdoc/>
    public override NativeUtf8String<TAllocator> ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadText(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(
        Utf8JsonWriter writer, NativeUtf8String<TAllocator> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.AsSpan());
    }

    // Unescaped text is never longer than the escaped one.
    private NativeUtf8String<TAllocator> ReadText(ref Utf8JsonReader reader)
    {
        int length = reader.HasValueSequence
            ? checked((int)reader.ValueSequence.Length)
            : reader.ValueSpan.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int copied = reader.CopyString(rented);
            return new NativeUtf8String<TAllocator>(allocator, new ReadOnlySpan<byte>(rented, 0, copied));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
