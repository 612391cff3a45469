using System;
using System.Buffers;
using System.IO;
using System.Text;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>
/// Writes messages of Protocol Buffers. The few fields of a profile do not justify a code generator, which
/// would be a native program at build time, and a library at run time.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, LengthDelimited = 2;
    private const int MaxVarint = 10;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    internal void Number(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, Varint);
            Raw(value);
        }
    }

    internal void Number(int field, long value) => Number(field, (ulong)value);

    internal void Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    internal void Message(int field, Action<ProtobufWriter> write)
    {
        ProtobufWriter message = new();
        write(message);
        Block(field, message.Bytes);
    }

    /// <summary>Writes repeated numbers in the packed form.</summary>
    internal void Numbers(int field, ReadOnlySpan<ulong> values)
    {
        ProtobufWriter packed = new();
        foreach (ulong value in values)
        {
            packed.Raw(value);
        }

        Block(field, packed.Bytes);
    }

    internal void CopyTo(Stream output) => output.Write(Bytes);

    private void Block(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, LengthDelimited);
        Raw((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    private void Tag(int field, int wireType) => Raw(((ulong)field << 3) | (uint)wireType);

    private void Raw(ulong value)
    {
        Span<byte> bytes = stackalloc byte[MaxVarint];
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        _bytes.Write(bytes[..length]);
    }
}
