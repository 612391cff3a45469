using System;

namespace Quarry.Malloc;

/// <summary>The options of the process.</summary>
/// <remarks>
/// They are read from jemalloc's sources, see <see cref="ConfSources"/>, and then from the environment
/// variable <c>QUARRY_CONF</c>, which has precedence: <c>key:value</c> pairs, separated by commas. Invalid
/// pairs are reported on standard error and ignored.
/// </remarks>
internal static unsafe class Options
{
    private static bool s_abortOnForeign, s_abortOnExhausted, s_alignsLarge;

    internal static nuint Limit { get; private set; }

    internal static nuint Reserve { get; private set; }

    /// <summary>Gets or sets the decay time, in milliseconds; -1 for never.</summary>
    internal static nint DecayMilliseconds { get; set; }

    internal static ref bool AbortOnForeign => ref s_abortOnForeign;

    internal static bool ZeroReallocAllocates { get; private set; }

    internal static nuint CheckInterval { get; private set; }

    /// <summary>
    /// Gets or sets a value that indicates whether large blocks begin at different cache lines.
    /// </summary>
    internal static bool VariesLines
    {
        get => !s_alignsLarge;
        set => s_alignsLarge = !value;
    }

    /// <summary>Gets or sets what is written into blocks.</summary>
    internal static HeapFill Fill { get; set; }

    /// <summary>Gets or sets a value that indicates whether exhausted memory ends the process.</summary>
    internal static ref bool AbortOnExhausted => ref s_abortOnExhausted;

    /// <summary>Sets the defaults, then reads the options.</summary>
    internal static void Read()
    {
        Reserve = unchecked((nuint)HeapOptions.DefaultReserveBytes);
        DecayMilliseconds = HeapOptions.DefaultDecayMilliseconds;
        ModeOptions.SetDefaults();
        if (HeapCheck.IsCompiled)
        {
            // The defaults of a debug build of jemalloc.
            Fill = HeapFill.JunkAllocated | HeapFill.JunkFreed;
            AbortOnForeign = true;
            JemallocOptions.AbortOnInvalid = true;
        }

        ProfileOptions.SetDefaults();
        ProfOptions.SetDefaults();
        ConfSources.Apply();
        byte* text = ProcessEnvironment.Find("QUARRY_CONF"u8);
        while (text != null && *text != 0)
        {
            byte* end = text;
            while (*end is not ((byte)',' or 0))
            {
                end++;
            }

            Set(new ReadOnlySpan<byte>(text, (int)(end - text)));
            text = *end == 0 ? end : end + 1;
        }

        // Of a pointer that leads nowhere, the next one may lead where an attacker wants.
        AbortOnForeign |= ModeOptions.Hardened;
    }

    private static void Set(ReadOnlySpan<byte> pair)
    {
        int colon = pair.IndexOf((byte)':');
        ReadOnlySpan<byte> key = pair.Slice(0, colon < 0 ? 0 : colon);
        ReadOnlySpan<byte> value = pair.Slice(colon + 1);
        if (!TrySet(key, value, out ReadOnlySpan<byte> expected))
        {
            expected = "limit, reserve, decay_ms, background_thread, foreign, zero_realloc, mode, "u8
                + "guard_interval, guard_blocks, leaks, profile, sample or profile_max, a colon, and "u8
                + "a value"u8;
        }

        if (!expected.IsEmpty && !pair.IsEmpty)
        {
            Report(pair, expected);
        }
    }

    /// <summary>Sets one of Quarry's own options.</summary>
    /// <param name="key">The name of the option.</param>
    /// <param name="value">The value.</param>
    /// <param name="expected">A description of the accepted values if the value is invalid.</param>
    /// <returns>False if there is no such option.</returns>
    internal static bool TrySet(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out ReadOnlySpan<byte> expected)
    {
        bool known = true;
        expected =
            key.SequenceEqual("limit"u8) ? SetLimit(value)
            : key.SequenceEqual("reserve"u8) ? SetReserve(value)
            : key.SequenceEqual("decay_ms"u8) ? SetDecay(value)
            : key.SequenceEqual("foreign"u8) ? SetForeign(value)
            : key.SequenceEqual("zero_realloc"u8) ? SetZeroRealloc(value)
            : key.SequenceEqual("check"u8) ? SetCheck(value)
            : key.SequenceEqual("background_thread"u8) ? BackgroundOptions.SetStarts(value)
            : key.SequenceEqual("mode"u8) ? ModeOptions.SetMode(value)
            : key.SequenceEqual("leaks"u8) ? ModeOptions.SetLeaks(value)
            : key.SequenceEqual("guard_interval"u8) ? ModeOptions.SetGuardInterval(value)
            : key.SequenceEqual("guard_blocks"u8) ? ModeOptions.SetGuardBlocks(value)
            : key.SequenceEqual("profile"u8) ? ProfileOptions.SetMode(value)
            : key.SequenceEqual("sample"u8) ? ProfileOptions.SetInterval(value)
            : key.SequenceEqual("profile_max"u8) ? ProfileOptions.SetMaxBytes(value)
            : key.SequenceEqual("profile_parent"u8) ? ProfileOptions.SetParent(value)
            : Unknown(ref known);
        return known;
    }

    private static ReadOnlySpan<byte> Unknown(scoped ref bool known)
    {
        known = false;
        return default;
    }

    // Each of these methods sets an option, or returns a description of the accepted values.
    private static ReadOnlySpan<byte> SetLimit(ReadOnlySpan<byte> value)
    {
        if (!SizeText.TryParse(value, out nuint bytes))
        {
            return "a size, such as 64M, or 0 for no limit"u8;
        }

        Limit = bytes;
        return default;
    }

    private static ReadOnlySpan<byte> SetReserve(ReadOnlySpan<byte> value)
    {
        if (!SizeText.TryParse(value, out nuint bytes)
            || bytes < Region.MinSize || bytes > Layout.MaxSize / 2)
        {
            return "a size of at least 4M, such as 64G"u8;
        }

        Reserve = bytes;
        return default;
    }

    private static ReadOnlySpan<byte> SetDecay(ReadOnlySpan<byte> value)
    {
        nuint milliseconds = 0;
        bool never = value.SequenceEqual("-1"u8);
        if (!never && (!SizeText.TryParse(value, out milliseconds) || milliseconds > int.MaxValue))
        {
            return "a number of milliseconds, such as 1000, or -1 for never"u8;
        }

        DecayMilliseconds = never ? -1 : (int)milliseconds;
        return default;
    }

    private static ReadOnlySpan<byte> SetForeign(ReadOnlySpan<byte> value)
    {
        bool abort = value.SequenceEqual("abort"u8);
        if (!abort && !value.SequenceEqual("ignore"u8))
        {
            return "ignore or abort"u8;
        }

        AbortOnForeign = abort;
        return default;
    }

    private static ReadOnlySpan<byte> SetZeroRealloc(ReadOnlySpan<byte> value)
    {
        bool allocate = value.SequenceEqual("alloc"u8);
        if (!allocate && !value.SequenceEqual("free"u8))
        {
            return "free or alloc"u8;
        }

        ZeroReallocAllocates = allocate;
        return default;
    }

    private static ReadOnlySpan<byte> SetCheck(ReadOnlySpan<byte> value)
    {
        if (!HeapCheck.IsCompiled)
        {
            return "libquarry-debug.so for this option"u8;
        }

        bool valid = SizeText.TryParse(value, out nuint calls);
        CheckInterval = valid ? calls : CheckInterval;
        return valid ? default : "a number of calls, such as 100, or 0 for no checks"u8;
    }

    private static void Report(ReadOnlySpan<byte> pair, ReadOnlySpan<byte> expected)
    {
        // Truncated, so that the rest of the message fits.
        const int LongestPair = 64;
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: QUARRY_CONF: invalid option '"u8);
        text.Append(pair.Slice(0, Math.Min(pair.Length, LongestPair)));
        text.Append(pair.Length > LongestPair ? "...': expected "u8 : "': expected "u8);
        text.Append(expected);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }
}
