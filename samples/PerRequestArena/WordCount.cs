using System;
using Quarry;

namespace PerRequestArena;

/// <summary>Counts the words of a text: everything that it needs is in one arena.</summary>
internal static class WordCount
{
    private static ReadOnlySpan<byte> Separators => " \t\r\n.,;:!?\"'()-"u8;

    /// <summary>Returns a line for each of the most frequent words, in memory of the arena.</summary>
    internal static NativeUtf8String<Arena> MostFrequent(Arena arena, ReadOnlySpan<byte> text, int count)
    {
        NativeDictionary<NativeUtf8Slice, int, Arena> counts = new(arena);
        var words = counts.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Arena>>(new(arena));
        foreach (Range range in text.SplitAny(Separators))
        {
            if (!text[range].IsEmpty)
            {
                words.GetValueRefOrAddDefault(text[range], out _)++;
            }
        }

        NativePriorityQueue<NativeUtf8Slice, (int, NativeUtf8Slice), Arena> ranking = new(arena);
        foreach ((NativeUtf8Slice word, int frequency) in counts)
        {
            ranking.Enqueue(word, (-frequency, word));
        }

        NativeUtf8String<Arena> lines = new(arena);
        while (count-- > 0 && ranking.TryDequeue(out NativeUtf8Slice word, out _))
        {
            lines.Append($"{counts[word]} {word}\n");
        }

        return lines;
    }
}
