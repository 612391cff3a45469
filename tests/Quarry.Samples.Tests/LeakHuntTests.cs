using System;
using System.IO;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>The hunt at the beginning of <c>docs/profiling.md</c>.</summary>
public sealed class LeakHuntTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_profile_names_the_method_and_the_line_that_leak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Profiles are recorded on Linux.");
        string quarry = Repository.Built("Quarry.Cli", "quarry");
        string output = new Run(
            quarry, "profile", "--sample", "64K", "--output", _folder.File("shop"), "--",
            "dotnet", "exec", Repository.Built("LeakyService", "LeakyService.dll"), "2000")
            .Start().ExpectSuccess().Output;
        Assert.Contains("2000 requests answered", output, StringComparison.Ordinal);

        string file = Assert.Single(Directory.GetFiles(_folder.FullName, "*.qprof"));
        string report = new Run(quarry, "report", file, "--sort", "live", "--top", "5")
            .Start().ExpectSuccess().Output;
        string place = $"LeakyService.PageCache.Store  (PageCache.cs:{LineOf("NativeMemory.Alloc(")})";
        Assert.Contains(place, report, StringComparison.Ordinal);
    }

    private static int LineOf(string code)
    {
        string source = Path.Combine(Repository.Root, "samples", "LeakyService", "PageCache.cs");
        return Array.FindIndex(File.ReadAllLines(source), line => line.Contains(code)) + 1;
    }
}
