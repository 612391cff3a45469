using System;

namespace Quarry.Malloc;

/// <summary>jemalloc's options of heap profiling, <c>prof*</c> and <c>lg_prof_*</c>.</summary>
internal static class ProfOptions
{
    /// <summary>The most frames of a stack, and the default of <see cref="MostFrames"/>.</summary>
    internal const uint LargestDepth = CallStack.MaxDepth;

    private const int LargestLog2 = 63;

    private static bool s_isOn, s_startsActive, s_startsThreadsActive, s_accumulates, s_dumpsPeaks;
    private static bool s_dumpsAtExit, s_reportsLeaks, s_failsOnLeaks, s_namesNamespace, s_countsSizes;

    /// <summary>Gets a value that indicates whether samples are recorded; it cannot change later.</summary>
    internal static bool IsOn => s_isOn;

    /// <summary>Gets a value that indicates whether recording starts at once.</summary>
    internal static bool StartsActive => s_startsActive;

    /// <summary>Gets a value that indicates whether new threads are recorded.</summary>
    internal static bool StartsThreadsActive => s_startsThreadsActive;

    /// <summary>Gets the logarithm of the mean number of bytes between two samples.</summary>
    internal static int Log2Sample { get; private set; }

    /// <summary>Gets the logarithm of the number of bytes between two dumps; -1 for none.</summary>
    internal static int Log2Interval { get; private set; }

    /// <summary>Gets a value that indicates whether dumps contain the sums of all blocks ever.</summary>
    internal static bool Accumulates => s_accumulates;

    /// <summary>Gets a value that indicates whether new peaks are dumped from the start.</summary>
    internal static bool DumpsPeaks => s_dumpsPeaks;

    internal static bool DumpsAtExit => s_dumpsAtExit;

    internal static bool ReportsLeaks => s_reportsLeaks;

    /// <summary>Gets a value that indicates whether the exit code is 1 after a leak.</summary>
    internal static bool FailsOnLeaks => s_failsOnLeaks;

    internal static uint MostFrames { get; private set; }

    /// <summary>Gets a value that indicates whether names contain the namespace of the process.</summary>
    internal static bool NamesNamespace => s_namesNamespace;

    /// <summary>Gets a value that indicates whether samples are counted by size class.</summary>
    internal static bool CountsSizes => s_countsSizes;

    internal static void SetDefaults()
    {
        s_startsActive = true;
        s_startsThreadsActive = true;
        Log2Sample = 19;
        Log2Interval = -1;
        MostFrames = LargestDepth;
        _ = DumpPrefix.TrySet("jeprof"u8);
    }

    /// <summary>Sets an option.</summary>
    internal static ConfResult Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key.SequenceEqual("lg_prof_sample"u8) ? SetSample(value)
        : key.SequenceEqual("lg_prof_interval"u8) ? SetInterval(value)
        : key.SequenceEqual("prof_bt_max"u8) ? SetMostFrames(value)
        : key.SequenceEqual("prof_prefix"u8)
            ? DumpPrefix.TrySet(value) ? ConfResult.Set : ConfResult.OutOfRange
        : SetFlag(key, value);

    /// <summary>Sets <see cref="IsOn"/> to false, in a process that cannot record.</summary>
    internal static void TurnOff() => s_isOn = false;

    /// <summary>Applies the options that imply others; returns false if one lacks another.</summary>
    internal static bool Complete()
    {
        s_reportsLeaks |= FailsOnLeaks;
        if (ReportsLeaks && !IsOn)
        {
            s_isOn = true;
            s_dumpsPeaks = false;
            Log2Interval = -1;
        }

        if (FailsOnLeaks && !DumpsAtExit)
        {
            JemallocMessage.Write("prof_leak_error is set w/o prof_final."u8, default, default, false);
            return false;
        }

        return true;
    }

    private static ConfResult SetFlag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key.SequenceEqual("prof"u8) ? ConfFlag.Set(value, ref s_isOn)
        : key.SequenceEqual("prof_active"u8) ? ConfFlag.Set(value, ref s_startsActive)
        : key.SequenceEqual("prof_thread_active_init"u8) ? ConfFlag.Set(value, ref s_startsThreadsActive)
        : key.SequenceEqual("prof_accum"u8) ? ConfFlag.Set(value, ref s_accumulates)
        : key.SequenceEqual("prof_gdump"u8) ? ConfFlag.Set(value, ref s_dumpsPeaks)
        : key.SequenceEqual("prof_final"u8) ? ConfFlag.Set(value, ref s_dumpsAtExit)
        : key.SequenceEqual("prof_leak"u8) ? ConfFlag.Set(value, ref s_reportsLeaks)
        : key.SequenceEqual("prof_leak_error"u8) ? ConfFlag.Set(value, ref s_failsOnLeaks)
        : key.SequenceEqual("prof_stats"u8) ? ConfFlag.Set(value, ref s_countsSizes)
        : key.SequenceEqual("prof_pid_namespace"u8) ? ConfFlag.Set(value, ref s_namesNamespace)
        : ConfResult.Unknown;

    // Clipped, as in jemalloc.
    private static ConfResult SetSample(ReadOnlySpan<byte> value)
    {
        bool valid = ConfNumber.TryParse(value, out ulong number);
        Log2Sample = valid ? (int)Math.Min(number, LargestLog2) : Log2Sample;
        return valid ? ConfResult.Set : ConfResult.Invalid;
    }

    private static ConfResult SetInterval(ReadOnlySpan<byte> value)
    {
        if (!ConfNumber.TryParse(value, out ulong number))
        {
            return ConfResult.Invalid;
        }

        bool inRange = unchecked((long)number) is >= -1 and <= LargestLog2;
        Log2Interval = inRange ? unchecked((int)number) : Log2Interval;
        return inRange ? ConfResult.Set : ConfResult.OutOfRange;
    }

    private static ConfResult SetMostFrames(ReadOnlySpan<byte> value)
    {
        bool valid = ConfNumber.TryParse(value, out ulong number);
        MostFrames = valid ? (uint)Math.Min(Math.Max(number, 1), LargestDepth) : MostFrames;
        return valid ? ConfResult.Set : ConfResult.Invalid;
    }
}
