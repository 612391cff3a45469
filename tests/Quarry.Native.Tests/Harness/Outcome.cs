using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>How a program ended and what it said.</summary>
internal sealed record Outcome(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>The exit code by which a case of tests/native says that this machine cannot run it.</summary>
    private const int Skipped = 77;

    public Outcome Expect(int exitCode)
    {
        Assert.SkipWhen(ExitCode == Skipped, Errors.Trim());
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}: {this}");
        return this;
    }

    public Outcome ExpectSuccess() => Expect(0);

    public override string ToString() =>
        $"{Command}\n--- standard error\n{Errors}\n--- standard output\n{Output}";
}
