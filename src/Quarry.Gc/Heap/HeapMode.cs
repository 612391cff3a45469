using System;

namespace Quarry.Gc;

/// <summary>What the heap does beyond handing out memory: <c>DOTNET_QuarryGCMode</c>.</summary>
internal static unsafe class HeapMode
{
    private const int Bump = 0, Counts = 1, Traces = 2, Refuses = 3;

    private static int s_mode;

    /// <summary>Whether objects are counted, and told at the end.</summary>
    internal static bool IsCounting => s_mode == Counts;

    /// <summary>Whether each object is written down.</summary>
    internal static bool IsTracing => s_mode == Traces;

    /// <summary>Whether nothing is served at all.</summary>
    internal static bool IsNull => s_mode == Refuses;

    /// <summary>As it is written in the setting.</summary>
    internal static ReadOnlySpan<byte> Name => s_mode switch
    {
        Counts => "counting"u8,
        Traces => "tracing"u8,
        Refuses => "null"u8,
        _ => "bump"u8,
    };

    /// <summary>Reads the setting; an unknown word is reported and means the first.</summary>
    internal static void Read()
    {
        const int Capacity = 32;
        byte* text = stackalloc byte[Capacity];
        int length = Runtime.GetText("QuarryGCMode"u8, "Quarry.GC.Mode"u8, text, Capacity);
        for (s_mode = Refuses; s_mode > Bump && !Is(text, length, Name); s_mode--)
        {
        }

        if (length > 0 && !Is(text, length, Name))
        {
            TextBuffer message = new(stackalloc byte[256]);
            message.Append("quarry: DOTNET_QuarryGCMode="u8);
            message.AppendString(text);
            message.Append(" is not bump, counting, tracing or null; it is bump\n"u8);
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
