using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>The build reports what a struct cannot do as malloc, with its file and line.</summary>
public sealed class MistakeTests(TemporaryFolder build) : IClassFixture<TemporaryFolder>
{
    private static readonly string s_folder =
        Path.Combine(Repository.Root, "tests", "Quarry.Sdk.Tests", "mistakes");

    [Fact]
    public void Code_that_needs_a_runtime_is_reported_with_its_line()
    {
        const string Case = "NeedsRuntime";
        string output = BuildFails(Case);
        Contains(output, LineOf(Case, "static constructor"), "QRY010", "static constructor");
        Contains(output, LineOf(Case, "class"), "QRY021", "`new` of a class");
        Contains(output, LineOf(Case, "box"), "QRY021", "boxing");
        Contains(output, LineOf(Case, "throw"), "QRY021", "`throw`; images have no exceptions");
        Contains(output, LineOf(Case, "array"), "QRY021", "`new` of a class, array");
        Contains(output, LineOf(Case, "delegate"), "QRY021", "or delegate");
    }

    [Fact]
    public void A_missing_member_is_reported() =>
        Contains(
            BuildFails("Incomplete"), LineOf("Incomplete", "members"), "CS0535", "IAllocator.Owns(void*)");

    [Fact]
    public void Code_that_needs_dotnet_is_reported_and_explained()
    {
        string output = BuildFails("UsesDotNet");
        Contains(output, LineOf("UsesDotNet", "console"), "CS0103", "Console");
        Assert.Contains("error QRY020", output, StringComparison.Ordinal);
        Assert.Contains("*.Managed.cs", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_struct_is_an_error_of_the_project_file() => Contains(
        BuildFails("UsesDotNet", "-p:MallocAllocator=Mistakes.Absent"),
        "mistakes.csproj(1,", "CS0234", "Absent");

    [Fact]
    public void A_struct_that_new_leaves_empty_is_reported_at_the_start()
    {
        Outcome built = BuildCase("AllZeros");
        _ = built.ExpectSuccess();
        string library = Path.Combine(build.FullName, "bin", "mistakes", "debug", "libmistakes.so");
        Outcome ran = new Run("ls") { Preload = library }.Start();
        File.Delete(library);
        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains("Mistakes.AllZeros is all zeros after `new`", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("MallocFactory", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_platform_without_images_is_reported() =>
        Contains(
            BuildFails("Incomplete", "-r", "osx-arm64"),
            "mistakes.csproj", "QRY022", "not for osx-arm64");

    private Outcome BuildCase(string name, params string[] options) =>
        DotNet.Build("build", s_folder, [$"-p:Case={name}", $"-p:ArtifactsPath={build.FullName}", .. options])
            .Start();

    private string BuildFails(string name, params string[] options)
    {
        Outcome result = BuildCase(name, options);
        Assert.NotEqual(0, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(build.FullName, "bin", "mistakes", "debug", "libmistakes.so")));
        return result.Output;
    }

    private static string LineOf(string name, string comment)
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_folder, name + ".cs"));
        int index = Array.FindIndex(lines, line => line.EndsWith("// " + comment, StringComparison.Ordinal));
        return $"{name}.cs({index + 1}";
    }

    private static void Contains(string output, string place, string code, string text)
    {
        IEnumerable<string> lines = output.Split('\n');
        Assert.Contains(lines, line =>
            line.Contains(place, StringComparison.Ordinal)
            && line.Contains($": error {code}: ", StringComparison.Ordinal)
            && line.Contains(text, StringComparison.Ordinal));
    }
}
