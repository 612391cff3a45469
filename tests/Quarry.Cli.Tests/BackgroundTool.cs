using System;
using System.Diagnostics;
using System.Text;
using System.Threading;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>The command while it runs; disposing kills it.</summary>
internal sealed class BackgroundTool : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _error = new();

    internal BackgroundTool(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(Tool.Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginErrorReadLine();
        FirstLine = _process.StandardOutput.ReadLine() ?? "";
    }

    /// <summary>The first line of standard output.</summary>
    internal string FirstLine { get; }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    internal void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and returns the exit code and standard error.</summary>
    internal (int ExitCode, string Error) Wait()
    {
        Assert.True(_process.WaitForExit(s_limit), "The command has not ended.");

        // Without a limit, this waits for the end of the output too.
        _process.WaitForExit();
        return (_process.ExitCode, Error);
    }

    /// <summary>Waits for a text on standard error.</summary>
    internal void WaitForError(string text) => Assert.True(
        SpinWait.SpinUntil(() => Error.Contains(text, StringComparison.Ordinal), s_limit), Error);

    private string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    private void Append(string? line)
    {
        lock (_error)
        {
            _error.Append(line is null ? "" : line + "\n");
        }
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        _process.Dispose();
    }
}
