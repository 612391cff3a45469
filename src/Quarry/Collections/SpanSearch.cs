using System;

namespace Quarry;

/// <summary>Searches that spans lack.</summary>
internal static class SpanSearch
{
    internal static int FindIndex<T>(this Span<T> elements, Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        for (int index = 0; index < elements.Length; index++)
        {
            if (match(elements[index]))
            {
                return index;
            }
        }

        return -1;
    }

    internal static int FindLastIndex<T>(this Span<T> elements, Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int index = elements.Length - 1;
        while (index >= 0 && !match(elements[index]))
        {
            index--;
        }

        return index;
    }
}
