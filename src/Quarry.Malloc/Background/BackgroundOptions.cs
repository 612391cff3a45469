using System;

namespace Quarry.Malloc;

/// <summary>The options of the background thread.</summary>
internal static class BackgroundOptions
{
    private const nuint DefaultMost = 4, LargestMost = 4096;

    // 0 is the default.
    private static nuint s_initialMost;
    private static nuint s_most;
    private static bool s_starts;

    /// <summary>Gets a value that indicates whether the thread is started with the process.</summary>
    internal static bool Starts => s_starts;

    /// <summary>Gets the most threads of the options.</summary>
    internal static nuint InitialMost => s_initialMost == 0 ? DefaultMost : s_initialMost;

    /// <summary>Gets the most threads in force; one is enough for any number of arenas.</summary>
    internal static nuint Most => s_most == 0 ? InitialMost : s_most;

    /// <summary>Sets the option <c>background_thread</c>.</summary>
    /// <returns>A description of the accepted values if the value is invalid.</returns>
    internal static ReadOnlySpan<byte> SetStarts(ReadOnlySpan<byte> value)
    {
        ConfResult result = ConfFlag.Set(value, ref s_starts);
        return result == ConfResult.Set ? default : "true or false"u8;
    }

    /// <summary>Sets the option <c>max_background_threads</c>, clipped to its range.</summary>
    internal static ConfResult SetInitialMost(ReadOnlySpan<byte> value)
    {
        if (!ConfNumber.TryParse(value, out ulong number))
        {
            return ConfResult.Invalid;
        }

        s_initialMost = number == 0 ? 1 : number > LargestMost ? LargestMost : (nuint)number;
        return ConfResult.Set;
    }

    /// <summary>Sets the number in force; false if it is 0 or exceeds that of the options.</summary>
    internal static bool TrySetMost(nuint number)
    {
        if (number == 0 || number > InitialMost)
        {
            return false;
        }

        s_most = number;
        return true;
    }
}
