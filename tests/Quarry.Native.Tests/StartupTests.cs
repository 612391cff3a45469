using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The pages of code that small programs map.</summary>
public sealed class StartupTests
{
    /// <summary>
    /// Of the methods of <c>startup.txt</c>, some may have other names by now; a list that is much out of
    /// date fails. bench/startup.sh prints a new one.
    /// </summary>
    // The kernel maps 64 KiB around a page of code that is executed; 32 KiB are in one or two such windows.
    [Theory]
    [InlineData("what nearly every process executes", 32, "ls", "-l", "/")]
    [InlineData("with growing blocks, and threads that come and go", 64)]
    public void The_methods_that_small_programs_execute_lie_side_by_side(
        string what, int kilobytes, params string[] program)
    {
        LibraryUnderTest.RequireQuarry();
        Assert.SkipWhen(LibraryUnderTest.HasAssertions, "images with assertions are in no order");
        _ = Tool.Require("valgrind");
        string library = Path.Combine(LibraryUnderTest.Folder, "libquarry.so");
        string script = Path.Combine(Repository.Root, "bench", "startup.sh");
        Outcome executed = new Run("sh", [script, .. program]) { Seconds = 120 }.Start().ExpectSuccess();
        Outcome symbols = new Run(Tool.Require("nm"), library + ".debug").Start().ExpectSuccess();
        Dictionary<string, long> addresses = symbols.Output.Split('\n')
            .Select(line => line.Split(' ', 3))
            .Where(words => words.Length == 3 && words[1] is "t" or "T")
            .DistinctBy(words => words[2])
            .ToDictionary(words => words[2], words => long.Parse(
                words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        List<long> used = [.. executed.Output.Trim().Split('\n')
            .Where(line => !line.StartsWith('#'))
            .Select(name => addresses[name])];
        Assert.InRange(used.Count, 80, 1000);
        long first = addresses
            .Where(symbol => symbol.Key.StartsWith("libquarry_", StringComparison.Ordinal))
            .Min(symbol => symbol.Value);
        int apart = used.Count(address => address - first >= kilobytes * 1024L);
        Assert.True(apart <= used.Count / 10, $"{what}: {apart} of {used.Count} methods are elsewhere");
    }
}
