using System;
using System.Collections.Generic;
using System.Text;
using Quarry.Tools.Output;

namespace Quarry.Cli.Output;

/// <summary>
/// A page that fills the terminal and is drawn again and again; disposing shows the previous contents of the
/// terminal.
/// </summary>
internal sealed class FullScreen : IDisposable
{
    // The alternate screen, without a cursor, and without a wrap at the right edge.
    private const string Begin = "\e[?1049h\e[?25l\e[?7l\e[2J", End = "\e[?7h\e[?25h\e[?1049l";

    // A terminal that knows synchronized updates shows all of a page at once; others ignore the request.
    private const string BeginUpdate = "\e[?2026h\e[H", EndUpdate = "\e[?2026l";

    private readonly Terminal _terminal;
    private readonly bool _hasColors;

    internal FullScreen(Terminal terminal, bool hasColors)
    {
        _terminal = terminal;
        _hasColors = hasColors;
        Enter();
    }

    /// <summary>
    /// Draws a page over the previous one. Nothing is erased that is not replaced, so it does not flicker.
    /// </summary>
    internal void Draw(IReadOnlyList<StyledLine> lines)
    {
        (int width, int height) = _terminal.WindowSize();
        StringBuilder page = new(BeginUpdate);
        for (int i = 0; i < Math.Min(lines.Count, height); i++)
        {
            page.Append(i > 0 ? "\r\n" : "").Append(lines[i].Render(width, hasStyles: true, _hasColors));
            page.Append(lines[i].Length < width ? "\e[K" : "");
        }

        _terminal.WriteWhole(page.Append(lines.Count < height ? "\e[J" : "").Append(EndUpdate).ToString());
    }

    internal void Enter() => _terminal.WriteWhole(Begin);

    internal void Leave() => _terminal.WriteWhole(End);

    public void Dispose() => Leave();
}
