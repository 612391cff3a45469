using System;
using Xunit;

namespace Quarry.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("run", "-h")]
    [InlineData("bench", "--help")]
    [InlineData("allocators", "--help")]
    [InlineData("options", "--help")]
    [InlineData("before-main", "--help")]
    [InlineData("new", "--help")]
    [InlineData("profile", "--help")]
    [InlineData("stats", "--help")]
    [InlineData("report", "--help")]
    [InlineData("diff", "--help")]
    public void Help_shows_usage_options_and_examples(params string[] arguments)
    {
        Outcome result = Tool.Run(arguments);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Errors);
        Assert.Contains("Usage: quarry", result.Output, StringComparison.Ordinal);
        Assert.Contains("--help", result.Output, StringComparison.Ordinal);
        Assert.Contains("Example", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_command_help_is_shown() =>
        Assert.Equal(Tool.Run("--help") with { Command = "" }, Tool.Run() with { Command = "" });

    [Fact]
    public void Version_is_one_line()
    {
        Outcome result = Tool.Run("--version");
        Assert.Matches(@"^quarry \d+\.\d+\.\d+\S*\n$", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Allocators_lists_names_with_paths()
    {
        Outcome result = Tool.Run("allocators");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("glibc ", result.Output, StringComparison.Ordinal);
    }
}
