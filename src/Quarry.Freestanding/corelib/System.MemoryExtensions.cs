// Comparison and search of text, as UTF-8 bytes. In .NET these methods are generic.

namespace System;

public static class MemoryExtensions
{
    public static bool SequenceEqual(this ReadOnlySpan<byte> span, ReadOnlySpan<byte> other) =>
        span.Length == other.Length && span.StartsWith(other);

    public static bool StartsWith(this ReadOnlySpan<byte> span, ReadOnlySpan<byte> value)
    {
        if (value.Length > span.Length)
        {
            return false;
        }

        for (int at = 0; at < value.Length; at++)
        {
            if (span[at] != value[at])
            {
                return false;
            }
        }

        return true;
    }

    public static int IndexOf(this ReadOnlySpan<byte> span, byte value)
    {
        for (int at = 0; at < span.Length; at++)
        {
            if (span[at] == value)
            {
                return at;
            }
        }

        return -1;
    }

    public static int IndexOf(this ReadOnlySpan<byte> span, ReadOnlySpan<byte> value)
    {
        for (int at = 0; at <= span.Length - value.Length; at++)
        {
            if (span.Slice(at).StartsWith(value))
            {
                return at;
            }
        }

        return -1;
    }
}
