using System;
using Xunit;

namespace Quarry.Gc.Tests.Harness;

/// <summary>The exit code and the output of a process; the exit code is 128 + n for signal n.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    internal string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts that the process succeeded and wrote nothing to standard error.</summary>
    internal Outcome Clean()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return this;
    }
}
