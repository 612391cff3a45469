using System;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>How a program ended and what it wrote; the exit code after signal n is 128 + n.</summary>
public sealed record Outcome(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>The exit code by which a program reports that this machine cannot run its test.</summary>
    private const int Skipped = 77;

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Outcome Expect(int exitCode)
    {
        Assert.SkipWhen(ExitCode == Skipped, Errors.Trim());
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}: {this}");
        return this;
    }

    public Outcome ExpectSuccess() => Expect(0);

    /// <summary>Asserts that the program succeeded and wrote nothing to standard error.</summary>
    public Outcome Clean()
    {
        Assert.Equal("", Errors);
        return ExpectSuccess();
    }

    public override string ToString() =>
        $"{Command}\n--- standard error\n{Errors}\n--- standard output\n{Output}";
}
