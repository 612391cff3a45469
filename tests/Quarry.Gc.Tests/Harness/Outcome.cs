using System;
using Xunit;

namespace Quarry.Gc.Tests.Harness;

/// <summary>What a process left. Death by signal n is exit code 128 + n.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    internal string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>That it ended as it should, without a word to standard error.</summary>
    internal Outcome Clean()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return this;
    }
}
