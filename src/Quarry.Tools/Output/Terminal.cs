using System;
using System.IO;
using System.Text;
using Quarry.Tools.Posix;
using Spectre.Console;

namespace Quarry.Tools.Output;

/// <summary>
/// Standard output and error for Spectre.Console and for plain text. System.Console's own writers would
/// switch the terminal to another mode, which the user's program would notice.
/// </summary>
internal sealed class Terminal : IAnsiConsoleOutput
{
    private const int PlainWidth = 100, PlainHeight = 24;

    private readonly int _descriptor;

    private Terminal(int descriptor)
    {
        _descriptor = descriptor;
        DescriptorStream stream = new(descriptor);
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        };
        IsTerminal = Libc.IsATty(descriptor) == 1;
        Width = WindowSize().Width;
    }

    internal static Terminal Output { get; } = new(descriptor: 1);

    internal static Terminal Error { get; } = new(descriptor: 2);

    public TextWriter Writer { get; }

    public bool IsTerminal { get; }

    public int Width { get; }

    public int Height => PlainHeight;

    public void SetEncoding(Encoding encoding)
    {
        // Always UTF-8.
    }

    /// <summary>Whether pages can be drawn over each other.</summary>
    internal bool IsInteractive =>
        IsTerminal && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Whether the user has not asked for a terminal without colors.</summary>
    internal static bool HasColors => Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>Colours and moving parts on a terminal only, and none when the user asks for none.</summary>
    internal IAnsiConsole CreateConsole()
    {
        // Spectre asks whether its writer is Console.Out, and creating that one is what switches the
        // terminal.
        Console.SetOut(Output.Writer);
        bool plain = !IsInteractive;
        bool colours = !plain && HasColors;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Yes,
            Out = this,

            // They would color a pipe on the machines of CI services.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>Gets the size at this moment; users change it.</summary>
    internal unsafe (int Width, int Height) WindowSize()
    {
        ushort* rowsAndColumns = stackalloc ushort[4];
        return IsTerminal && Libc.Ioctl(_descriptor, Constants.TIOCGWINSZ, rowsAndColumns) == 0 &&
            rowsAndColumns[0] > 0 && rowsAndColumns[1] > 0
            ? (rowsAndColumns[1], rowsAndColumns[0])
            : (PlainWidth, PlainHeight);
    }

    /// <summary>Writes a text at once, so that a terminal does not show a part of it.</summary>
    internal void WriteWhole(string text)
    {
        using DescriptorStream stream = new(_descriptor);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
