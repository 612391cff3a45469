using System;

namespace Quarry.Malloc;

/// <summary>Messages in jemalloc's form, on standard error.</summary>
internal static class JemallocMessage
{
    // Longer texts are truncated, so that the end of the line is not lost.
    private const int LongestText = 160;

    /// <summary>Writes a message that ends with a text, or with a pair.</summary>
    internal static void Write(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, bool isPair)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("<jemalloc>: "u8);
        text.Append(message);
        Append(ref text, first);
        text.Append(isPair ? ":"u8 : default);
        Append(ref text, second);
        text.Append((byte)'\n');
        MessageFunction.Write(ref text);
    }

    private static void Append(ref TextBuffer text, ReadOnlySpan<byte> part)
    {
        text.Append(part.Slice(0, Math.Min(part.Length, LongestText)));
        text.Append(part.Length > LongestText ? "..."u8 : default);
    }
}
