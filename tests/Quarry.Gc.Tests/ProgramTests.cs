using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// Programs that were not written for the heap. All of them, which takes gigabytes of tools, are run by
/// <c>tests/managed/programs/run.sh</c>.
/// </summary>
public sealed class ProgramTests
{
    // The exit code of the script if packages are missing.
    private const int Unavailable = 77;

    private static readonly string s_folder = Repository.FreshFolder("programs");

    [Theory]
    [InlineData("csc")]
    [InlineData("fsc")]
    [InlineData("fsi")]
    [InlineData("markdig")]
    [InlineData("anglesharp")]
    [InlineData("jint")]
    [InlineData("newtonsoft")]
    [InlineData("litedb")]
    [InlineData("lucene")]
    [InlineData("bogus")]
    public void A_program_or_library_does_the_same_with_a_tiny_budget(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 writes the input");
        string script = Path.Combine(Repository.Root, "tests", "managed", "programs", "run.sh");
        Run run = new("/bin/bash", script, "--budget", "40000", name) { Seconds = 300 };
        Outcome outcome = run.With("QUARRY_PROGRAMS", s_folder).Start();
        Assert.SkipWhen(
            outcome.ExitCode == Unavailable, $"NuGet does not serve the packages that {name} needs");
        string[] rows =
            [.. outcome.Output.Split('\n').Where(row => row.StartsWith("| ", StringComparison.Ordinal))];
        Assert.Equal(2, rows.Length);
        Assert.StartsWith($"| {name} | yes | 0 |", rows[1], StringComparison.Ordinal);
        Assert.Equal(0, outcome.ExitCode);
    }
}
