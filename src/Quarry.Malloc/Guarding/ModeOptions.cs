using System;

namespace Quarry.Malloc;

/// <summary>The options of <c>QUARRY_CONF</c> that choose a mode.</summary>
internal static class ModeOptions
{
    // One allocation in 5000, as GWP-ASan samples; with 256 slots of a page or a few, the memory is bounded
    // by some MiB.
    private const nuint DefaultInterval = 5000, DefaultBlocks = 256, MaxBlocks = 16384;

    /// <summary>Gets a value that indicates whether some blocks are guarded.</summary>
    internal static bool Guarded { get; private set; }

    /// <summary>Gets a value that indicates whether every block is checked.</summary>
    internal static bool Checked { get; private set; }

    /// <summary>Gets a value that indicates whether blocks are protected against attackers.</summary>
    internal static bool Hardened { get; private set; }

    /// <summary>Gets a value that indicates whether blocks in use at exit are reported.</summary>
    internal static bool ReportsLeaks { get; private set; }

    /// <summary>Gets the mean number of allocations between two guarded ones.</summary>
    internal static nuint GuardInterval { get; private set; }

    /// <summary>Gets the most guarded blocks in use at once.</summary>
    internal static nuint GuardBlocks { get; private set; }

    internal static void SetDefaults()
    {
        GuardInterval = DefaultInterval;
        GuardBlocks = DefaultBlocks;
    }

    // Each of these methods sets an option, or returns a description of the accepted values.
    internal static ReadOnlySpan<byte> SetMode(ReadOnlySpan<byte> value)
    {
        bool guarded = value.SequenceEqual("guarded"u8), isChecked = value.SequenceEqual("checked"u8);
        bool hardened = value.SequenceEqual("hardened"u8);
        if (!guarded && !isChecked && !hardened && !value.SequenceEqual("release"u8))
        {
            return "release, guarded, checked or hardened"u8;
        }

        Guarded = guarded;
        Checked = isChecked;
        Hardened = hardened;
        return default;
    }

    internal static ReadOnlySpan<byte> SetLeaks(ReadOnlySpan<byte> value)
    {
        bool report = value.SequenceEqual("report"u8);
        if (!report && !value.SequenceEqual("ignore"u8))
        {
            return "ignore or report"u8;
        }

        ReportsLeaks = report;
        return default;
    }

    internal static ReadOnlySpan<byte> SetGuardInterval(ReadOnlySpan<byte> value)
    {
        bool valid = SizeText.TryParse(value, out nuint blocks) && blocks is > 0 and <= int.MaxValue;
        GuardInterval = valid ? blocks : GuardInterval;
        return valid ? default : "a number of allocations of at least 1, such as 5000"u8;
    }

    internal static ReadOnlySpan<byte> SetGuardBlocks(ReadOnlySpan<byte> value)
    {
        bool valid = SizeText.TryParse(value, out nuint blocks) && blocks is > 0 and <= MaxBlocks;
        GuardBlocks = valid ? blocks : GuardBlocks;
        return valid ? default : "a number of blocks from 1 to 16384"u8;
    }
}
