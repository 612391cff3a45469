using System;

namespace Quarry.Malloc;

/// <summary>The options of jemalloc.</summary>
/// <remarks>
/// Those that the heap can follow are set. The others that jemalloc documents are checked, and accepted
/// without effect, so that existing configurations keep working; <c>opt.*</c> shows what is in force.
/// </remarks>
internal static class JemallocOptions
{
    private static ReportLetters s_letters, s_intervalLetters;
    private static bool s_abortsOnInvalid, s_printsStatistics;

    // The interval plus 1, so that the default, -1, is 0.
    private static nint s_intervalPlusOne;

    /// <summary>Gets a value that indicates whether an invalid option ends the process.</summary>
    internal static ref bool AbortOnInvalid => ref s_abortsOnInvalid;

    /// <summary>Gets or sets a value that indicates whether each option is reported as it is set.</summary>
    internal static bool Confirms { get; set; }

    /// <summary>Gets a value that indicates whether the statistics are printed at exit.</summary>
    internal static bool PrintsStatistics => s_printsStatistics;

    /// <summary>Gets the letters for the report at exit, zero-terminated.</summary>
    internal static unsafe byte* Letters => ReportLetters.TextOf(ref s_letters);

    /// <summary>
    /// Gets the number of allocated bytes after which the statistics are printed; -1 for never.
    /// </summary>
    internal static nint PrintInterval => s_intervalPlusOne - 1;

    /// <summary>Gets the letters for the reports at intervals, zero-terminated.</summary>
    internal static unsafe byte* IntervalLetters => ReportLetters.TextOf(ref s_intervalLetters);

    /// <summary>Sets an option.</summary>
    internal static ConfResult Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (Options.TrySet(key, value, out ReadOnlySpan<byte> expected))
        {
            return expected.IsEmpty ? ConfResult.Set : ConfResult.Invalid;
        }

        return key.SequenceEqual("abort"u8) ? ConfFlag.Set(value, ref Options.AbortOnForeign)
            : key.SequenceEqual("abort_conf"u8) ? ConfFlag.Set(value, ref s_abortsOnInvalid)
            : key.SequenceEqual("confirm_conf"u8) ? ConfFlag.Parse(value, out _)
            : key.SequenceEqual("junk"u8) ? SetJunk(value)
            : key.SequenceEqual("zero"u8) ? SetZero(value)
            : key.SequenceEqual("cache_oblivious"u8) ? SetCacheOblivious(value)
            : key.SequenceEqual("xmalloc"u8) ? ConfFlag.Set(value, ref Options.AbortOnExhausted)
            : key.SequenceEqual("dirty_decay_ms"u8) ? SetDirtyDecay(value)
            : key.SequenceEqual("muzzy_decay_ms"u8) ? SetMuzzyDecay(value)
            : key.SequenceEqual("narenas"u8) ? ArenaOptions.SetCount(value)
            : key.SequenceEqual("percpu_arena"u8) ? ArenaOptions.SetMode(value)
            : key.SequenceEqual("oversize_threshold"u8) ? ArenaOptions.SetOversize(value)
            : key.SequenceEqual("max_background_threads"u8) ? BackgroundOptions.SetInitialMost(value)
            : key.SequenceEqual("stats_print"u8) ? ConfFlag.Set(value, ref s_printsStatistics)
            : key.SequenceEqual("stats_print_opts"u8) ? s_letters.Set(value)
            : key.SequenceEqual("stats_interval"u8) ? SetInterval(value)
            : key.SequenceEqual("stats_interval_opts"u8) ? s_intervalLetters.Set(value)
            : SetOther(key, value);
    }

    private static ConfResult SetOther(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ConfResult result = ProfOptions.Set(key, value);
        return result == ConfResult.Unknown ? AcceptedOptions.Check(key, value) : result;
    }

    private static ConfResult SetJunk(ReadOnlySpan<byte> value)
    {
        const HeapFill Both = HeapFill.JunkAllocated | HeapFill.JunkFreed;
        bool off = value.SequenceEqual("false"u8);
        HeapFill junk = value.SequenceEqual("true"u8) ? Both
            : value.SequenceEqual("alloc"u8) ? HeapFill.JunkAllocated
            : value.SequenceEqual("free"u8) ? HeapFill.JunkFreed
            : HeapFill.None;
        if (junk == HeapFill.None && !off)
        {
            return ConfResult.Invalid;
        }

        Options.Fill = (Options.Fill & ~Both) | junk;
        return ConfResult.Set;
    }

    private static ConfResult SetZero(ReadOnlySpan<byte> value)
    {
        ConfResult result = ConfFlag.Parse(value, out bool flag);
        if (result == ConfResult.Set)
        {
            Options.Fill = (Options.Fill & ~HeapFill.Zero) | (flag ? HeapFill.Zero : HeapFill.None);
        }

        return result;
    }

    private static ConfResult SetCacheOblivious(ReadOnlySpan<byte> value)
    {
        ConfResult result = ConfFlag.Parse(value, out bool flag);
        if (result == ConfResult.Set)
        {
            Options.VariesLines = flag;
        }

        return result;
    }

    private static ConfResult SetDirtyDecay(ReadOnlySpan<byte> value)
    {
        ConfResult result = Decay(value, out nint milliseconds);
        if (result == ConfResult.Set)
        {
            Options.DecayMilliseconds = milliseconds;
        }

        return result;
    }

    private static ConfResult SetMuzzyDecay(ReadOnlySpan<byte> value)
    {
        ConfResult result = Decay(value, out nint milliseconds);
        if (result == ConfResult.Set)
        {
            DecayControls.InitialMuzzy = (nuint)milliseconds;
        }

        return result;
    }

    private static ConfResult Decay(ReadOnlySpan<byte> value, out nint milliseconds)
    {
        // jemalloc counts nanoseconds in 64 bits.
        const long Most = long.MaxValue / 1_000_000;
        bool parsed = ConfNumber.TryParse(value, out ulong number);
        milliseconds = unchecked((nint)number);
        return !parsed ? ConfResult.Invalid
            : milliseconds < -1 || milliseconds > Most ? ConfResult.OutOfRange
            : ConfResult.Set;
    }

    private static ConfResult SetInterval(ReadOnlySpan<byte> value)
    {
        bool parsed = ConfNumber.TryParse(value, out ulong number);
        nint bytes = unchecked((nint)number);
        bool inRange = bytes >= -1 && bytes < nint.MaxValue;
        s_intervalPlusOne = parsed && inRange ? bytes + 1 : s_intervalPlusOne;
        return !parsed ? ConfResult.Invalid : inRange ? ConfResult.Set : ConfResult.OutOfRange;
    }
}
