using System;

namespace Quarry.Malloc;

/// <summary>The options of the process, from the environment variable <c>QUARRY_CONF</c>.</summary>
/// <remarks>
/// <c>key:value</c> pairs, separated by commas. What cannot be understood is reported and has no effect.
/// </remarks>
internal static unsafe class Options
{
    internal static nuint Limit { get; private set; }

    internal static nuint Reserve { get; private set; }

    internal static int DecayMilliseconds { get; private set; }

    internal static bool AbortOnForeign { get; private set; }

    internal static bool ZeroReallocAllocates { get; private set; }

    /// <summary>Sets the defaults, then what the environment says.</summary>
    internal static void Read()
    {
        Reserve = unchecked((nuint)HeapOptions.DefaultReserveBytes);
        DecayMilliseconds = HeapOptions.DefaultDecayMilliseconds;
        byte* text = EnvironmentVariable.Find("QUARRY_CONF"u8);
        while (text != null && *text != 0)
        {
            byte* end = text;
            while (*end is not ((byte)',' or 0))
            {
                end++;
            }

            ReadOnlySpan<byte> pair = new(text, (int)(end - text));
            if (pair.Length > 0 && !TrySet(pair))
            {
                Complain(pair);
            }

            text = *end == 0 ? end : end + 1;
        }
    }

    private static bool TrySet(ReadOnlySpan<byte> pair)
    {
        if (TryValue(pair, "limit:"u8, out ReadOnlySpan<byte> value))
        {
            bool valid = SizeText.TryParse(value, out nuint bytes);
            Limit = valid ? bytes : Limit;
            return valid;
        }

        if (TryValue(pair, "reserve:"u8, out value))
        {
            bool valid = SizeText.TryParse(value, out nuint bytes)
                && bytes >= Region.MinSize && bytes <= Layout.MaxSize / 2;
            Reserve = valid ? bytes : Reserve;
            return valid;
        }

        if (TryValue(pair, "decay_ms:"u8, out value))
        {
            bool never = Equal(value, "-1"u8);
            nuint milliseconds = 0;
            bool valid = never
                || (SizeText.TryParse(value, out milliseconds) && milliseconds <= int.MaxValue);
            DecayMilliseconds = never ? -1 : valid ? (int)milliseconds : DecayMilliseconds;
            return valid;
        }

        if (TryValue(pair, "foreign:"u8, out value))
        {
            AbortOnForeign = Equal(value, "abort"u8);
            return AbortOnForeign || Equal(value, "ignore"u8);
        }

        if (TryValue(pair, "zero_realloc:"u8, out value))
        {
            ZeroReallocAllocates = Equal(value, "alloc"u8);
            return ZeroReallocAllocates || Equal(value, "free"u8);
        }

        return false;
    }

    private static bool TryValue(
        ReadOnlySpan<byte> pair, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        bool matches = pair.Length > key.Length && Equal(pair.Slice(0, key.Length), key);
        value = matches ? pair.Slice(key.Length) : default;
        return matches;
    }

    private static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        bool equal = left.Length == right.Length;
        for (int at = 0; equal && at < left.Length; at++)
        {
            equal = left[at] == right[at];
        }

        return equal;
    }

    private static void Complain(ReadOnlySpan<byte> pair)
    {
        TextBuffer text = new(stackalloc byte[256]);
        text.Append("quarry: QUARRY_CONF: cannot use \""u8);
        text.Append(pair);
        text.Append("\"; known are limit:BYTES decay_ms:N reserve:BYTES"u8);
        text.Append(" foreign:ignore|abort zero_realloc:free|alloc\n"u8);
        StandardError.Write(ref text);
    }
}
