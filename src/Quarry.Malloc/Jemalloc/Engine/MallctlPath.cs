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

    /// <summary>Determines whether an element has a number, written as such or as a name.</summary>
    internal static bool IsNumber(ReadOnlySpan<byte> element) =>
        element.Length == 1 && (element[0] == '#' || element[0] == '$');

    /// <summary>Determines whether an element is a name from a list.</summary>
    internal static bool IsListed(ReadOnlySpan<byte> element) => element.Length == 1 && element[0] == '$';

    /// <summary>Parses an element of a name as a number.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> name, out nuint number)
    {
        number = 0;
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
