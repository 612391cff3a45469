using System;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>What is asked of a sample.</summary>
public class TranscriptTests
{
    private static readonly Transcript s_transcript = Transcript.Parse(["$ Sample --fast 3", "one", "two"]);

    [Fact]
    public void The_first_line_is_the_command() => Assert.Equal(["--fast", "3"], s_transcript.Arguments);

    [Fact]
    public void The_first_line_must_be_a_command() =>
        Assert.Throws<FormatException>(() => Transcript.Parse(["Sample --fast"]));

    [Theory]
    [InlineData("one two", null)]
    [InlineData("more one more two more", null)]
    [InlineData("one", "two")]
    [InlineData("two one", "two")]
    [InlineData("one twofold", "two")]
    [InlineData("", "one")]
    public void The_lines_are_there_in_their_order(string output, string? missing) =>
        Assert.Equal(missing, s_transcript.FirstMissing(output.Split(' ')));
}
