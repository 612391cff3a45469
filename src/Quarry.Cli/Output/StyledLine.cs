using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Quarry.Cli.Output;

/// <summary>A line of text with styles, which can be cut to the width of a terminal.</summary>
internal sealed class StyledLine
{
    private readonly List<(string Text, TextStyle Style)> _parts = [];

    /// <summary>The number of characters.</summary>
    internal int Length => _parts.Sum(part => part.Text.Length);

    internal static StyledLine Of(string text, TextStyle style = TextStyle.Plain) =>
        new StyledLine().Add(text, style);

    /// <summary>Adds a text, in which control characters are replaced.</summary>
    internal StyledLine Add(string text, TextStyle style = TextStyle.Plain)
    {
        _parts.Add((string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)), style));
        return this;
    }

    /// <summary>Gets the line as text.</summary>
    /// <param name="width">The largest number of characters.</param>
    /// <param name="hasStyles">Whether styles are written at all.</param>
    /// <param name="hasColors">Whether colors are.</param>
    internal string Render(int width, bool hasStyles, bool hasColors)
    {
        StringBuilder line = new();
        int left = width;
        foreach ((string text, TextStyle style) in _parts)
        {
            string part = text[..Math.Min(left, text.Length)];
            left -= part.Length;
            string code = hasStyles ? Code(style, hasColors) : "";
            line.Append(code.Length > 0 ? $"\e[{code}m{part}\e[0m" : part);
        }

        return hasStyles ? line.ToString() : line.ToString().TrimEnd();
    }

    private static string Code(TextStyle style, bool hasColors) => style switch
    {
        TextStyle.Bold => "1",
        TextStyle.Reverse => "7",
        TextStyle.Faint when hasColors => "90",
        TextStyle.Red when hasColors => "31",
        TextStyle.Green when hasColors => "32",
        _ => "",
    };
}
