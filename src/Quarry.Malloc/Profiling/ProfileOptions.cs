using System;

namespace Quarry.Malloc;

/// <summary>The options of <c>QUARRY_CONF</c> that concern profiles.</summary>
internal static class ProfileOptions
{
    /// <summary>The default of <see cref="Interval"/>, as in jemalloc, tcmalloc and Go.</summary>
    internal const nuint DefaultInterval = 512 * 1024;

    /// <summary>
    /// The interval up to which that of a program grows that allocates fast: a program that clears memory at
    /// 100 GiB in a second stays far below it. Intervals below the default are kept whatever they cost.
    /// </summary>
    internal const nuint LargestInterval = 512 * 1024 * 1024;

    private const nuint DefaultMaxBytes = 256 * 1024 * 1024;

    // Site numbers count 16 bytes in 32 bits.
    private static nuint LargestMaxBytes => (nuint)64 << 30;

    /// <summary>Gets what is recorded from the start.</summary>
    internal static ProfileMode Mode { get; private set; }

    /// <summary>Gets the mean number of bytes between two samples.</summary>
    internal static nuint Interval { get; private set; }

    /// <summary>Gets the most bytes that a file may use.</summary>
    internal static nuint MaxBytes { get; private set; }

    /// <summary>Gets the only process whose children are recorded; 0 if all processes are.</summary>
    internal static nuint Parent { get; private set; }

    internal static void SetDefaults()
    {
        Mode = ProfileMode.Sampled;
        Interval = DefaultInterval;
        MaxBytes = DefaultMaxBytes;
    }

    // Each of these methods sets an option, or returns a description of the accepted values.
    internal static ReadOnlySpan<byte> SetMode(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("off"u8))
        {
            Mode = ProfileMode.Off;
        }
        else if (value.SequenceEqual("sampled"u8))
        {
            Mode = ProfileMode.Sampled;
        }
        else if (value.SequenceEqual("exact"u8))
        {
            Mode = ProfileMode.Exact;
        }
        else
        {
            return "off, sampled or exact"u8;
        }

        return default;
    }

    internal static ReadOnlySpan<byte> SetInterval(ReadOnlySpan<byte> value)
    {
        bool valid = SizeText.TryParse(value, out nuint bytes) && bytes > 0;
        Interval = valid ? bytes : Interval;
        return valid ? default : "a size of at least 1, such as 512K"u8;
    }

    internal static ReadOnlySpan<byte> SetMaxBytes(ReadOnlySpan<byte> value)
    {
        bool valid = SizeText.TryParse(value, out nuint bytes)
            && bytes >= ProfileFile.MinBytes && bytes <= LargestMaxBytes;
        MaxBytes = valid ? bytes : MaxBytes;
        return valid ? default : "a size from 256K to 64G"u8;
    }

    internal static ReadOnlySpan<byte> SetParent(ReadOnlySpan<byte> value)
    {
        bool valid = SizeText.TryParse(value, out nuint processId) && processId <= int.MaxValue;
        Parent = valid ? processId : Parent;
        return valid ? default : "the ID of a process"u8;
    }
}
