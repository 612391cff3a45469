using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>
/// The samples built for linux-arm64 by a cross compiler, Debian's package <c>gcc-aarch64-linux-gnu</c>, and
/// run by qemu-user.
/// </summary>
public sealed class Arm64Tests(TemporaryFolder build) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void A_counter_counts_the_same_bytes_as_on_x64()
    {
        Outcome result = Run(Library("CounterMalloc"), Compile("counted"));
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
        Outcome result = Run(Library("BumpMalloc"), Compile("foreign"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(4, result.ErrorLines.Length);
    }

    private string Library(string sample)
    {
        _ = Arm64Tools.Require("gcc");
        string project = Path.Combine(Repository.Root, "samples", sample);
        _ = DotNet.Build(
            "build", project, "-r", "linux-arm64", $"-p:ArtifactsPath={build.FullName}")
            .Start().ExpectSuccess();
        return Path.Combine(build.FullName, "bin", sample, "debug_linux-arm64", $"lib{sample}.so");
    }

    private string Compile(string name) => NativeCompiler.Compile(
        $"{Arm64Tools.Triple}-gcc", build.File(name), "-O1", "-fno-builtin", "-Wall", "-Werror", "-pthread",
        Path.Combine(Repository.Root, "tests", "Quarry.Sdk.Tests", "programs", name + ".c"));

    private static Outcome Run(
        string library, string program, params (string Name, string Value)[] environment)
    {
        (string emulator, string[] words) = Arm64Tools.Emulator(program, [], library);
        return new Run(emulator, words).With(environment).Start();
    }
}
