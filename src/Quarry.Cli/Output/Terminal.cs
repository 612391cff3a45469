using System;
using System.IO;
using System.Text;
using Quarry.Cli.Posix;
using Spectre.Console;

namespace Quarry.Cli.Output;

/// <summary>
/// Standard output and error for Spectre.Console and for plain text. System.Console's own writers would
/// switch the terminal to another mode, which the user's program would notice.
/// </summary>
internal sealed class Terminal : IAnsiConsoleOutput
{
    private const int PlainWidth = 100;

    private Terminal(int descriptor)
    {
        DescriptorStream stream = new(descriptor);
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        };
        IsTerminal = Libc.IsATty(descriptor) == 1;
        Width = IsTerminal ? WindowWidth(descriptor) : PlainWidth;
    }

    internal static Terminal Output { get; } = new(descriptor: 1);

    internal static Terminal Error { get; } = new(descriptor: 2);

    public TextWriter Writer { get; }

    public bool IsTerminal { get; }

    public int Width { get; }

    public int Height => 24;

    public void SetEncoding(Encoding encoding)
    {
        // Always UTF-8.
    }

    /// <summary>Colours and moving parts on a terminal only, and none when the user asks for none.</summary>
    internal IAnsiConsole CreateConsole()
    {
        // Spectre asks whether its writer is Console.Out, and creating that one is what switches the
        // terminal.
        Console.SetOut(Output.Writer);
        bool plain = !IsTerminal || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        bool colours = !plain && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Yes,
            Out = this,
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static unsafe int WindowWidth(int descriptor)
    {
        ushort* rowsAndColumns = stackalloc ushort[4];
        return Libc.Ioctl(descriptor, Constants.TIOCGWINSZ, rowsAndColumns) == 0 && rowsAndColumns[1] > 0
            ? rowsAndColumns[1]
            : PlainWidth;
    }
}
