using System;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>What a process left: .NET tells death by signal n as exit code 128 + n.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The single line of a refusal.</summary>
    internal string RefusalLine(int exitCode)
    {
        Assert.Equal("", Output);
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("quarry: ", line, StringComparison.Ordinal);
        Assert.Equal(exitCode, ExitCode);
        return line;
    }
}
