using System;

namespace Quarry;

/// <summary>
/// Computes hash codes of text in UTF-8: the same for equal bytes, whatever type holds them.
/// </summary>
internal static class Utf8Hash
{
    internal static int Of(ReadOnlySpan<byte> utf8)
    {
        HashCode hash = default;
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }
}
