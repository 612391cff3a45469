using System.Diagnostics;
using Quarry.Tools.Running;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>Reading the output of programs, for the command, the benchmarks and the tests.</summary>
public sealed class ProgramOutputTests
{
    [Fact]
    public void Both_streams_and_the_exit_code_are_read() => Assert.Equal(
        new ProgramOutput(3, "out\n", "error\n"),
        ProgramOutput.TryRead("sh", "-c", "echo out; echo error >&2; exit 3"));

    [Fact]
    public void A_missing_program_has_no_output() => Assert.Null(ProgramOutput.TryRead("no-such-program"));

    [Fact]
    public void Input_that_is_not_read_is_no_error()
    {
        ProcessStartInfo start = new("true") { RedirectStandardInput = true };
        Assert.Equal(new ProgramOutput(0, "", ""), ProgramOutput.Read(start, new string('x', 1 << 20)));
    }

    [Fact]
    public void Output_is_cut_without_blocking_the_program()
    {
        ProcessStartInfo start = new("cat") { RedirectStandardInput = true, RedirectStandardOutput = true };
        ProgramOutput read = ProgramOutput.Read(start, new string('x', 1 << 20), longest: 1 << 10);
        Assert.Equal(0, read.ExitCode);
        Assert.InRange(read.Output.Length, 1 << 10, 1 << 14);
    }
}
