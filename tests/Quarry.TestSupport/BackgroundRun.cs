using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>A program while it runs, with its input open; disposing kills it and its descendants.</summary>
public sealed class BackgroundRun : IDisposable
{
    private readonly Process _process;
    private readonly string _command;
    private readonly TimeSpan _limit;
    private readonly StringBuilder _errors = new();
    private readonly Task _errorReader;

    internal BackgroundRun(Process process, string command, int seconds)
    {
        _process = process;
        _command = command;
        _limit = TimeSpan.FromSeconds(seconds);
        _errorReader = ReadErrorsAsync();
    }

    public int Id => _process.Id;

    public string IdText => Id.ToString(CultureInfo.InvariantCulture);

    public bool HasEnded => _process.HasExited;

    /// <summary>The first line of standard output, for which it waits once.</summary>
    public string FirstLine => field ??= ReadLine();

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Waits for the next line of standard output; an empty one at the end.</summary>
    public string ReadLine() => _process.StandardOutput.ReadLine() ?? "";

    public void Write(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => new Run("kill", "-INT", IdText).Start().ExpectSuccess();

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for a text on standard error.</summary>
    public void WaitForError(string text) => Eventually.True(
        () => Errors.Contains(text, StringComparison.Ordinal), () => $"{_command} wrote: {Errors}");

    /// <summary>Ends the program's input, and waits for its end.</summary>
    public Outcome End()
    {
        _process.StandardInput.Close();
        return Wait();
    }

    /// <summary>Waits for the program's end; its output is that which was not read before.</summary>
    public Outcome Wait()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!_process.WaitForExit(_limit))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"{_command} took longer than {_limit}: {Errors}");
        }

        _errorReader.GetAwaiter().GetResult();
        return new Outcome(_command, _process.ExitCode, output.GetAwaiter().GetResult(), Errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task ReadErrorsAsync()
    {
        char[] buffer = new char[4096];
        for (int length;
            (length = await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            lock (_errors)
            {
                _errors.Append(buffer, 0, length);
            }
        }
    }
}
