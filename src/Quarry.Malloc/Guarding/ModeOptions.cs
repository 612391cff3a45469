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
        bool guarded = value.SequenceEqual("guarded"u8);
        if (!guarded && !value.SequenceEqual("release"u8))
        {
            return "release or guarded"u8;
        }

        Guarded = guarded;
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
