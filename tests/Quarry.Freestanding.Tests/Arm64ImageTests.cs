using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>An image for arm64, built on this machine and run by the emulator.</summary>
public sealed class Arm64ImageTests(Images images)
{
    private const int IllegalInstruction = 128 + 4;

    [Fact]
    public void Builds_and_is_checked()
    {
        Arm64.RequireCompiler();
        Assert.True(images.FeaturesForArm64.ExitCode == 0, images.FeaturesForArm64.Output);
        Assert.Contains("fast path of min_max: ", images.FeaturesForArm64.Output);
        (_, string header) = Build.Execute("readelf", ["-hW", Library]);
        Assert.Contains("AArch64", header);
        (_, string dynamic) = Build.Execute("readelf", ["-dW", Library]);
        Assert.DoesNotContain("NEEDED", dynamic);
        Assert.Contains("BIND_NOW", dynamic);
    }

    [Fact]
    public void Links_into_a_static_program_and_stops_it_where_dotnet_would_throw()
    {
        Arm64.RequireCompiler();
        string archive = Path.ChangeExtension(Library, ".a");
        string program = Arm64.Compile(images.FeaturesForArm64, "program.c", "-static", archive);
        Assert.Equal(0, Arm64.Run(program, []).ExitCode);
        Assert.Equal(IllegalInstruction, Arm64.Run(program, ["beyond"]).ExitCode);
    }

    [Fact]
    public void Has_the_same_results_as_dotnet()
    {
        IEnumerable<(string Name, nuint A, nuint B)> calls =
            from name in FeatureTests.Methods.Keys
            where !name.EndsWith("_memory", StringComparison.Ordinal)
            from a in FeatureTests.Values
            from b in FeatureTests.Values
            select (name, (nuint)a, (nuint)b);
        Agree([.. calls]);
    }

    [Theory]
    [InlineData("copy_memory")]
    [InlineData("fill_memory")]
    public void Copies_and_fills_memory_as_dotnet_does(string name) => Agree(
        [.. from length in FeatureTests.Lengths
            from offsets in FeatureTests.OffsetPairs
            select (name, (nuint)length, offsets)]);

    [Theory]
    [InlineData("QRY010", "static constructor")]
    [InlineData("QRY011", "undefined symbol nowhere_clock")]
    [InlineData("QRY011", "weak symbol getenv")]
    [InlineData("QRY012", "absent is listed but not exported")]
    [InlineData("QRY012", "unlisted is an entry point but not listed")]
    [InlineData("QRY013", "bytes of thread-local storage")]
    [InlineData("QRY014", "text relocations")]
    [InlineData("QRY015", "calls calls before it returns")]
    [InlineData("QRY015", "leaves has no straight path to a return")]
    [InlineData("QRY015", "instructions from entry to return; the limit is 3")]
    [InlineData("QRY021", "`new` of a class")]
    public void Mistakes_are_reported(string code, string text)
    {
        Arm64.RequireCompiler();
        Assert.NotEqual(0, images.MistakesForArm64.ExitCode);
        Assert.Contains(
            images.MistakesForArm64.Output.Split('\n'), line => line.Contains(code) && line.Contains(text));
    }

    [Fact]
    public void A_missing_compiler_is_reported_with_its_package()
    {
        Assert.SkipWhen(Arm64.IsInstalled("clang"), "clang, which is installed, compiles for any processor");
        const string Absent = "-p:NativeTriple=absent-gnu";
        Build build = images.Run("build", "features", "no-compiler", architecture: "arm64", more: Absent);
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("QRY002", build.Output);
        Assert.Contains("Neither absent-gnu-gcc nor clang was found", build.Output);
        Assert.Contains("apt install gcc-absent-gnu", build.Output);
    }

    [Fact]
    public void A_compiler_for_another_processor_is_reported()
    {
        Build build = images.Run("build", "features", "wrong-compiler", "gcc", "arm64");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("QRY002", build.Output);
        Assert.Contains("not for aarch64-linux-gnu", build.Output);
    }

    [Fact]
    public void The_collector_is_for_x64_only()
    {
        string project = Path.Combine(Build.Repository, "src", "Quarry.Gc", "Quarry.Gc.csproj");
        string[] arguments = ["msbuild", project, "-t:CheckGcPlatform", "-p:RuntimeIdentifier=linux-arm64"];
        (int exitCode, string output) = Build.Execute("dotnet", arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error QRY004: libquarrygc.so can be built for linux-x64 only", output);
    }

    private unsafe void Agree(List<(string Name, nuint A, nuint B)> calls)
    {
        Arm64.RequireCompiler();
        StringBuilder input = new(), expected = new();
        foreach ((string name, nuint a, nuint b) in calls)
        {
            var method =
                (delegate*<nuint, nuint, nuint>)FeatureTests.Methods[name].MethodHandle.GetFunctionPointer();
            _ = input.Append($"{name} {a} {b}\n");
            _ = expected.Append($"{name}({a}, {b}) = {method(a, b)}\n");
        }

        string program = Arm64.Compile(images.FeaturesForArm64, "calls.c");
        (int exitCode, string output) = Arm64.Run(program, [Library], input.ToString());
        Assert.True(exitCode == 0, output);
        string[] results = output.TrimEnd('\n').Split('\n');
        Assert.Equal(calls.Count, results.Length);
        string[] lines = expected.ToString().TrimEnd('\n').Split('\n');
        Assert.All(lines.Zip(results), pair => Assert.EndsWith($" = {pair.Second}", pair.First));
    }

    private string Library
    {
        get
        {
            Assert.True(images.FeaturesForArm64.ExitCode == 0, images.FeaturesForArm64.Output);
            return Path.Combine(images.FeaturesForArm64.NativeFolder, "libfeatures.so");
        }
    }
}
