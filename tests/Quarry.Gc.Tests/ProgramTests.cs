using System;
using System.IO;
using System.Linq;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// Programs that were not written for the heap. All of them, which takes gigabytes of tools, are run by
/// <c>tests/managed/programs/run.sh</c>.
/// </summary>
public sealed class ProgramTests
{
    [Fact]
    public void Programs_and_libraries_do_the_same_with_a_tiny_budget()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 writes the input");
        string[] names =
            ["csc", "fsc", "fsi", "markdig", "anglesharp", "jint", "newtonsoft", "litedb", "lucene", "bogus"];
        string script = Path.Combine(Places.Repository, "tests", "managed", "programs", "run.sh");
        Run run = new("/bin/bash", [script, "--budget", "40000", .. names])
        {
            Limit = TimeSpan.FromMinutes(10),
        };
        Outcome outcome = run.With("QUARRY_PROGRAMS", Places.FreshFolder("programs")).Start();
        string[] rows =
            [.. outcome.Output.Split('\n').Where(row => row.StartsWith("| ", StringComparison.Ordinal))];
        Assert.Equal(names.Length + 1, rows.Length);
        Assert.All(rows.Skip(1), row => Assert.Contains("| yes | 0 |", row, StringComparison.Ordinal));
        Assert.Equal(0, outcome.ExitCode);
    }
}
