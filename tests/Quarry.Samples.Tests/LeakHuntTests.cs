using System;
using System.IO;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>The hunt at the beginning of <c>docs/profiling.md</c>.</summary>
public sealed class LeakHuntTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_profile_names_the_method_and_the_line_that_leak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Profiles are recorded on Linux.");
        string quarry = SampleProgram.Built("Quarry.Cli", "quarry");
        string output = SampleProgram.Run(
            quarry, "profile", "--sample", "64K", "--output", Path.Combine(_folder.FullName, "shop"), "--",
            "dotnet", "exec", SampleProgram.Built("LeakyService", "LeakyService.dll"), "2000").Output;
        Assert.Contains("2000 requests answered", output, StringComparison.Ordinal);

        string file = Assert.Single(Directory.GetFiles(_folder.FullName, "*.qprof"));
        string report = SampleProgram.Run(
            quarry, "report", file, "--sort", "live", "--top", "5").Output;
        string place = $"LeakyService.PageCache.Store  (PageCache.cs:{LineOf("NativeMemory.Alloc(")})";
        Assert.Contains(place, report, StringComparison.Ordinal);
    }

    private static int LineOf(string code)
    {
        string source = Path.Combine(SampleProgram.Repository, "samples", "LeakyService", "PageCache.cs");
        return Array.FindIndex(File.ReadAllLines(source), line => line.Contains(code)) + 1;
    }
}
