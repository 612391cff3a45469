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
        _ = Arm64Tools.Require("gcc");
        Assert.True(images.FeaturesForArm64.ExitCode == 0, images.FeaturesForArm64.Output);
        Assert.Contains("fast path of min_max: ", images.FeaturesForArm64.Output);
        string header = new Run("readelf", "-hW", Library).Start().Output;
        Assert.Contains("AArch64", header);
        string dynamic = new Run("readelf", "-dW", Library).Start().Output;
        Assert.DoesNotContain("NEEDED", dynamic);
        Assert.Contains("BIND_NOW", dynamic);
    }

    [Fact]
    public void Links_into_a_static_program_and_stops_it_where_dotnet_would_throw()
    {
        _ = Arm64Tools.Require("gcc");
        string archive = Path.ChangeExtension(Library, ".a");
        string program = Compile("program.c", "-static", archive);
        _ = Emulate(program).ExpectSuccess();
        _ = Emulate(program, ["beyond"]).Expect(IllegalInstruction);
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
        _ = Arm64Tools.Require("gcc");
        Assert.NotEqual(0, images.MistakesForArm64.ExitCode);
        Assert.Contains(
            images.MistakesForArm64.Output.Split('\n'), line => line.Contains(code) && line.Contains(text));
    }

    [Fact]
    public void A_missing_compiler_is_reported_with_its_package()
    {
        Assert.SkipWhen(
            Tool.Find("clang") is not null, "clang, which is installed, compiles for any processor");
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
        string project = Path.Combine(Repository.Root, "src", "Quarry.Gc", "Quarry.Gc.csproj");
        Outcome outcome = DotNet.Build(
            "msbuild", project, "-t:CheckGcPlatform", "-p:RuntimeIdentifier=linux-arm64").Start();
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("error QRY004: libquarrygc.so can be built for linux-x64 only", outcome.Output);
    }

    private unsafe void Agree(List<(string Name, nuint A, nuint B)> calls)
    {
        _ = Arm64Tools.Require("gcc");
        StringBuilder input = new(), expected = new();
        foreach ((string name, nuint a, nuint b) in calls)
        {
            var method =
                (delegate*<nuint, nuint, nuint>)FeatureTests.Methods[name].MethodHandle.GetFunctionPointer();
            _ = input.Append($"{name} {a} {b}\n");
            _ = expected.Append($"{name}({a}, {b}) = {method(a, b)}\n");
        }

        string program = Compile("calls.c");
        string[] results = Emulate(program, [Library], input.ToString()).ExpectSuccess().Lines;
        Assert.Equal(calls.Count, results.Length);
        string[] lines = expected.ToString().TrimEnd('\n').Split('\n');
        Assert.All(lines.Zip(results), pair => Assert.EndsWith($" = {pair.Second}", pair.First));
    }

    /// <summary>Compiles a C program of the image features, with options after the source.</summary>
    private string Compile(string source, params string[] options) => NativeCompiler.Compile(
        $"{Arm64Tools.Triple}-gcc",
        Path.Combine(images.FeaturesForArm64.NativeFolder, Path.GetFileNameWithoutExtension(source)),
        [Path.Combine(Build.ImageFolder("features"), source), .. options]);

    private static Outcome Emulate(string program, string[]? arguments = null, string input = "")
    {
        (string emulator, string[] words) = Arm64Tools.Emulator(program, arguments ?? []);
        return new Run(emulator, words) { Input = input, LongestOutput = int.MaxValue }.Start();
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
