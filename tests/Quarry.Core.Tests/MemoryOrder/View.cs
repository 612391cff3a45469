using System;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>
/// For each word, the oldest store that may still be read, by its position in the word's history.
/// </summary>
internal static class View
{
    /// <summary>Returns the newer of both positions of each word.</summary>
    public static int[] Join(int[] one, int[] other)
    {
        int[] both = (int[])one.Clone();
        for (int word = 0; word < both.Length; word++)
        {
            both[word] = Math.Max(both[word], other[word]);
        }

        return both;
    }

    /// <summary>Returns a view that knows one store.</summary>
    public static int[] Only(int words, int word, int position)
    {
        int[] view = new int[words];
        view[word] = position;
        return view;
    }
}
