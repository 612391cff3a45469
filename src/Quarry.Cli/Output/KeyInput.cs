using System;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Output;

/// <summary>
/// Single keys from standard input, without echo. Ctrl-C and Ctrl-Z remain signals. Disposing restores the
/// terminal.
/// </summary>
internal sealed unsafe class KeyInput : IDisposable
{
    /// <summary>What is read when the terminal has gone.</summary>
    internal const char End = '\x04';

    private const int Descriptor = 0;
    private const byte Escape = 0x1B;

    private readonly bool _isTerminal = Libc.IsATty(Descriptor) == 1;
    private TerminalMode _before;

    internal KeyInput() => Enter();

    /// <summary>Waits for a key.</summary>
    /// <returns>The key; null if none was pressed in time. Keys that send a sequence are ignored.</returns>
    internal char? Read(TimeSpan patience)
    {
        PollDescriptor poll = new() { Descriptor = _isTerminal ? Descriptor : -1, Events = Constants.POLLIN };
        if (Libc.Poll(&poll, 1, (int)patience.TotalMilliseconds) <= 0)
        {
            return null;
        }

        const int Longest = 64;
        byte* bytes = stackalloc byte[Longest];
        nint length = Libc.Read(Descriptor, bytes, Longest);
        return length <= 0 ? End : bytes[0] == Escape ? null : (char)bytes[0];
    }

    /// <summary>Sets the mode again, after another program has had the terminal.</summary>
    internal void Enter()
    {
        TerminalMode mode;
        if (_isTerminal && Libc.GetTerminalMode(Descriptor, &mode) == 0)
        {
            _before = mode;
            mode.LocalFlags &= ~(Constants.ICANON | Constants.ECHO);
            mode.Characters[Constants.VMIN] = 1;
            mode.Characters[Constants.VTIME] = 0;
            _ = Libc.SetTerminalMode(Descriptor, Constants.TCSADRAIN, &mode);
        }
    }

    /// <summary>Restores the mode.</summary>
    internal void Leave()
    {
        TerminalMode before = _before;
        if (_isTerminal)
        {
            _ = Libc.SetTerminalMode(Descriptor, Constants.TCSADRAIN, &before);
        }
    }

    public void Dispose() => Leave();
}
