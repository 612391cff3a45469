using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>A command on a terminal of tmux, which interprets what the command writes.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly string _socket;

    /// <summary>Starts a shell line; skips the test without tmux.</summary>
    /// <param name="folder">A folder for the socket and the recording.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="line">The shell line, in which $QUARRY is the command.</param>
    internal TerminalSession(TemporaryFolder folder, int width, int height, string line)
    {
        _socket = folder.File("tmux");
        Recording = folder.File("recording");

        // All that the terminal receives is recorded from the first byte on.
        string go = folder.File("go");
        Run("-f", "/dev/null", "new-session", "-d", "-x", Text(width), "-y", Text(height),
            "-e", "QUARRY=" + Tool.Path, $"until [ -e {go} ]; do sleep 0.05; done; {line}");
        Run("pipe-pane", "-o", $"cat > {Recording}");
        File.WriteAllText(go, "");
    }

    /// <summary>The file with all that the command has written.</summary>
    internal string Recording { get; }

    internal bool IsAlternate => Run("display-message", "-p", "#{alternate_on}").Trim() == "1";

    /// <summary>The lines of the screen.</summary>
    internal string[] Lines => Run("capture-pane", "-p").TrimEnd('\n').Split('\n');

    /// <summary>The screen with the sequences for styles.</summary>
    internal string Styled => Run("capture-pane", "-p", "-e");

    internal void Press(string key) => Run("send-keys", key);

    internal void Resize(int width, int height) =>
        Run("resize-window", "-x", Text(width), "-y", Text(height));

    /// <summary>Waits for a screen, and returns its lines.</summary>
    internal string[] WaitFor(Func<string[], bool> condition)
    {
        string[] lines = [];
        Assert.True(
            SpinWait.SpinUntil(() =>
            {
                Thread.Sleep(100);
                lines = Lines;
                return condition(lines);
            }, s_limit),
            "The screen does not become as expected:\n" + string.Join('\n', lines));
        return lines;
    }

    /// <summary>Waits for a text on the screen.</summary>
    internal string[] WaitFor(string text) =>
        WaitFor(lines => lines.Any(line => line.Contains(text, StringComparison.Ordinal)));

    public void Dispose()
    {
        try
        {
            Run("kill-server");
        }
        catch (Xunit.Sdk.XunitException)
        {
            // It has ended with its command.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Run(params string[] arguments) =>
        ExternalTool.RunClient(Path.GetDirectoryName(_socket)!, "tmux", ["-u", "-S", _socket, .. arguments]);
}
