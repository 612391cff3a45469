using System;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>Outcomes of commands that are refused.</summary>
internal static class Refusals
{
    /// <summary>The single line of a refusal.</summary>
    internal static string RefusalLine(this Outcome outcome, int exitCode)
    {
        Assert.Equal("", outcome.Output);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith("quarry: ", line, StringComparison.Ordinal);
        Assert.Equal(exitCode, outcome.ExitCode);
        return line;
    }
}
