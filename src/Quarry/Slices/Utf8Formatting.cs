using System;
using System.Buffers;
using System.Text.Unicode;

namespace Quarry;

/// <summary>Writes UTF-8 text into the buffers of interpolated strings.</summary>
internal static class Utf8Formatting
{
    /// <summary>Copies the text, if there is room for all of it.</summary>
    internal static bool TryFormat(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        bool copied = utf8.TryCopyTo(destination);
        written = copied ? utf8.Length : 0;
        return copied;
    }

    /// <summary>Converts the text, if there is room for all of it; invalid UTF-8 becomes U+FFFD.</summary>
    internal static bool TryFormat(ReadOnlySpan<byte> utf8, Span<char> destination, out int written) =>
        Utf8.ToUtf16(utf8, destination, out _, out written) == OperationStatus.Done;
}
