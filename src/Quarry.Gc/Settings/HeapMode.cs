using System;

namespace Quarry.Gc;

/// <summary>
/// The mode of the heap, <c>DOTNET_QuarryGCMode</c>, and whether it is concurrent,
/// <c>DOTNET_gcConcurrent</c>.
/// </summary>
internal static unsafe class HeapMode
{
    private const int Bump = 0, Counting = 1, Tracing = 2, Null = 3, Collect = 4;

    private static int s_mode;

    /// <summary>Determines whether objects are reported at the end of the program.</summary>
    internal static bool IsCounting => s_mode == Counting;

    /// <summary>Determines whether a line is written for each object.</summary>
    internal static bool IsTracing => s_mode == Tracing;

    /// <summary>Determines whether every allocation fails.</summary>
    internal static bool IsNull => s_mode == Null;

    /// <summary>Determines whether garbage is collected.</summary>
    internal static bool IsCollecting => s_mode == Collect;

    /// <summary>
    /// Determines whether full collections of large heaps mark while threads run, unless the latency mode
    /// prevents it. The default of that mode depends on it, and whether programs can wait for full
    /// collections.
    /// </summary>
    internal static bool IsConcurrent { get; private set; }

    /// <summary>The name of the mode, as in the setting.</summary>
    internal static ReadOnlySpan<byte> Name => s_mode switch
    {
        Counting => "counting"u8,
        Tracing => "tracing"u8,
        Null => "null"u8,
        Collect => "collect"u8,
        _ => "bump"u8,
    };

    /// <summary>Reads the settings. An unknown mode is reported, and <c>bump</c> is used.</summary>
    internal static void Read()
    {
        const int Capacity = 32;
        IsConcurrent = Runtime.IsSet("gcConcurrent"u8, "System.GC.Concurrent"u8, otherwise: true);
        byte* text = stackalloc byte[Capacity];
        int length = Runtime.GetText("QuarryGCMode"u8, "Quarry.GC.Mode"u8, text, Capacity);
        for (s_mode = Collect; s_mode > Bump && !Is(text, length, Name); s_mode--)
        {
        }

        if (length > 0 && !Is(text, length, Name))
        {
            TextBuffer message = new(stackalloc byte[512]);
            message.Append("quarry: invalid DOTNET_QuarryGCMode '"u8);
            message.AppendString(text);
            message.Append("': expected bump, counting, tracing, collect or null. Using bump\n"u8);
            StandardError.Write(ref message);
        }
    }

    private static bool Is(byte* text, int length, ReadOnlySpan<byte> word)
    {
        bool same = length == word.Length;
        for (int at = 0; same && at < length; at++)
        {
            same = text[at] == word[at];
        }

        return same;
    }
}
