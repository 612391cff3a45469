using System;
using System.Runtime.InteropServices;
using System.Threading;
using Quarry.Cli.Output;
using Quarry.Tools.Output;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Shows a process on the whole terminal until it ends or the user does.</summary>
internal sealed class LiveView(ILiveSource source, LiveOrder order, TimeSpan period)
{
    private const string Keys = "q quit  s sort";

    // How fast a key, a new size of the window, or an interrupt takes effect.
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

    private readonly Terminal _terminal = Terminal.Output;
    private LiveOrder _order = order;
    private volatile bool _isSuspended;

    /// <summary>Shows the process; what is shown when it ends remains on the terminal.</summary>
    internal void Show(CancellationToken interruption)
    {
        LiveFigures figures;
        using (KeyInput keys = new())
        using (FullScreen screen = new(_terminal, Terminal.HasColors))
        using (PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend))
        {
            // In a large program, this takes some seconds.
            screen.Draw([StyledLine.Of("Reading the names of functions...")]);
            figures = source.Read(_order);
            while (Draw(screen, figures) && Wait(screen, keys, ref figures, interruption))
            {
                if (!source.IsRunning)
                {
                    break;
                }

                figures = source.Read(_order);
            }
        }

        if (!source.IsRunning)
        {
            Print(figures);
            _terminal.Writer.WriteLine(FormattableString.Invariant($"Process {figures.Pid} has ended."));
        }
    }

    /// <summary>Prints the figures once.</summary>
    internal void Print() => Print(source.Read(_order));

    private void Print(LiveFigures figures)
    {
        int width = _terminal.WindowSize().Width;
        foreach (StyledLine line in new LivePage(width, height: null).Render(figures, _order, keys: ""))
        {
            _terminal.Writer.WriteLine(line.Render(width, _terminal.IsInteractive, Terminal.HasColors));
        }
    }

    private bool Draw(FullScreen screen, LiveFigures figures)
    {
        (int width, int height) = _terminal.WindowSize();
        screen.Draw(new LivePage(width, height).Render(figures, _order, Keys));
        return true;
    }

    /// <summary>Waits for the time of the next figures.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Wait(
        FullScreen screen, KeyInput keys, ref LiveFigures figures, CancellationToken interruption)
    {
        (int, int) size = _terminal.WindowSize();
        long end = Environment.TickCount64 + (long)period.TotalMilliseconds;
        while (Environment.TickCount64 < end && source.IsRunning)
        {
            char? key = keys.Read(s_step);
            if (interruption.IsCancellationRequested || key is 'q' or KeyInput.End)
            {
                return false;
            }

            if (key is 's')
            {
                _order = _order == LiveOrder.Allocated ? LiveOrder.Live : _order + 1;
                figures = source.Arrange(_order);
            }

            if (_isSuspended)
            {
                Stop(screen, keys);
            }

            if (key is 's' || size != _terminal.WindowSize() || _isSuspended)
            {
                (size, _isSuspended) = (_terminal.WindowSize(), false);
                Draw(screen, figures);
            }
        }

        return true;
    }

    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        _isSuspended = true;
    }

    /// <summary>Gives the terminal back to the shell until the user continues this process.</summary>
    private static void Stop(FullScreen screen, KeyInput keys)
    {
        screen.Leave();
        keys.Leave();
        _ = Libc.Kill(Environment.ProcessId, Constants.SIGSTOP);
        keys.Enter();
        screen.Enter();
    }
}
