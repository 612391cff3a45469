using System;

namespace Quarry;

/// <summary>Zero-terminated text.</summary>
internal static unsafe class CText
{
    /// <summary>Returns the text at an address, without the zero; empty for null.</summary>
    internal static ReadOnlySpan<byte> Span(byte* text)
    {
        int length = 0;
        while (text != null && text[length] != 0)
        {
            length++;
        }

        return new ReadOnlySpan<byte>(text, length);
    }
}
