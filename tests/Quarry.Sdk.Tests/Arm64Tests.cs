using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>
/// The samples built for linux-arm64 by a cross compiler, Debian's package <c>gcc-aarch64-linux-gnu</c>, and
/// run by qemu-user.
/// </summary>
public sealed class Arm64Tests(BuildOutput build) : IClassFixture<BuildOutput>
{
    private const string Triple = "aarch64-linux-gnu";

    [Fact]
    public void A_counter_counts_the_same_bytes_as_on_x64()
    {
        Result result = Run(Library("CounterMalloc"), Compile("counted"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            """
            start: 1500 before main, 1000 in use, peak 1500
            grown: 1500 before main, 101000 in use, peak 101000
            shrunk: 1500 before main, 3010 in use, peak 101000
            end: 1500 before main, 1000 in use, peak 101000

            """,
            result.Output);
        Assert.StartsWith("counter: 1500 bytes in 2 blocks allocated before main", result.Errors);
    }

    [Fact]
    public void Threads_and_children_of_forks_can_use_it()
    {
        string library = Library("BumpMalloc");
        Assert.Equal(0, Run(library, Compile("balanced")).ExitCode);
        Assert.Equal(0, Run(library, Compile("forks"), ("QUARRY_BUMP_SIZE", "4G")).ExitCode);
    }

    [Fact]
    public void Foreign_pointers_are_reported_and_ignored()
    {
        Result result = Run(Library("BumpMalloc"), Compile("foreign"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(4, result.ErrorLines.Length);
    }

    private string Library(string sample)
    {
        Require($"{Triple}-gcc");
        Require("qemu-aarch64");
        string project = Path.Combine(Sample.Repository, "samples", sample);
        Result built = Execution.Build(
            project, "-r", "linux-arm64", $"-p:ArtifactsPath={build.Folder}", "-p:RunAnalyzers=false");
        Assert.True(built.ExitCode == 0, built.Output);
        return Path.Combine(build.Folder, "bin", sample, "debug_linux-arm64", $"lib{sample}.so");
    }

    private string Compile(string name)
    {
        string source = Path.Combine(
            Sample.Repository, "tests", "Quarry.Sdk.Tests", "programs", name + ".c");
        string program = Path.Combine(build.Folder, name);
        Result built = Execution.Run(
            $"{Triple}-gcc",
            ["-O1", "-fno-builtin", "-Wall", "-Werror", "-pthread", source, "-o", program]);
        Assert.True(built.ExitCode == 0, built.Errors);
        return program;
    }

    // The emulator itself must not preload the library.
    private static Result Run(
        string library, string program, params (string Name, string Value)[] environment) => Execution.Run(
            "qemu-aarch64", ["-L", $"/usr/{Triple}", "-E", $"LD_PRELOAD={library}", program], environment);

    private static void Require(string tool) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, tool))),
        $"{tool} is not installed");
}
