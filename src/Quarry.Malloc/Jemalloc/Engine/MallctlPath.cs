using System;

namespace Quarry.Malloc;

/// <summary>Compares names of controls with paths.</summary>
internal static class MallctlPath
{
    /// <summary>The most elements of a path.</summary>
    internal const int MaxDepth = 7;

    /// <summary>Returns the element at the beginning of a path, without the dot after it.</summary>
    internal static ReadOnlySpan<byte> ElementAt(ReadOnlySpan<byte> path, int start)
    {
        int end = start;
        while (end < path.Length && path[end] != '.')
        {
            end++;
        }

        return path.Slice(start, end - start);
    }

    internal static int Depth(ReadOnlySpan<byte> path)
    {
        int depth = 1;
        for (int at = 0; at < path.Length; at++)
        {
            depth += path[at] == '.' ? 1 : 0;
        }

        return depth;
    }

    internal static bool IsNumber(ReadOnlySpan<byte> element) => element.Length == 1 && element[0] == '#';

    /// <summary>
    /// Determines whether an element of a name is the same as that of a path, and returns its number.
    /// </summary>
    internal static bool Matches(ReadOnlySpan<byte> element, ReadOnlySpan<byte> name, out nuint number)
    {
        number = 0;
        if (!IsNumber(element))
        {
            return name.SequenceEqual(element);
        }

        for (int at = 0; at < name.Length; at++)
        {
            nuint digit = unchecked((nuint)(name[at] - '0'));
            if (digit > 9 || number > uint.MaxValue)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return name.Length > 0;
    }
}
