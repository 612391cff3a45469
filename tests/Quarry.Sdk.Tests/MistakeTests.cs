using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>What a struct cannot do as malloc is an error of the build, with its file and line.</summary>
public sealed class MistakeTests(BuildOutput output) : IClassFixture<BuildOutput>
{
    private static readonly string s_folder =
        Path.Combine(Sample.Repository, "tests", "Quarry.Sdk.Tests", "mistakes");

    [Fact]
    public void What_needs_a_runtime_is_named_with_its_line()
    {
        const string Case = "NeedsRuntime";
        string said = BuildFails(Case);
        Mentions(said, LineOf(Case, "static constructor"), "QRY010", "static constructor");
        Mentions(said, LineOf(Case, "class"), "QRY021", "`new` of a class");
        Mentions(said, LineOf(Case, "box"), "QRY021", "boxing");
        Mentions(said, LineOf(Case, "throw"), "QRY021", "`throw`; images have no exceptions");
        Mentions(said, LineOf(Case, "array"), "QRY021", "`new` of a class, array");
        Mentions(said, LineOf(Case, "delegate"), "QRY021", "or delegate");
    }

    [Fact]
    public void A_missing_member_is_named() =>
        Mentions(
            BuildFails("Incomplete"), LineOf("Incomplete", "members"), "CS0535", "IAllocator.Owns(void*)");

    [Fact]
    public void What_only_dotnet_has_is_named_and_explained()
    {
        string said = BuildFails("UsesDotNet");
        Mentions(said, LineOf("UsesDotNet", "console"), "CS0103", "Console");
        Assert.Contains("error QRY020", said, StringComparison.Ordinal);
        Assert.Contains("*.Managed.cs", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_struct_is_a_mistake_of_the_project_file() => Mentions(
        BuildFails("UsesDotNet", "-p:MallocAllocator=Mistakes.Absent"),
        "mistakes.csproj(1,", "CS0234", "Absent");

    private string BuildFails(string name, params string[] options)
    {
        Result result =
            Execution.Build(s_folder, [$"-p:Case={name}", $"-p:ArtifactsPath={output.Folder}", .. options]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(output.Folder, "bin", "mistakes", "debug", "libmistakes.so")));
        return result.Output;
    }

    private static string LineOf(string name, string comment)
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_folder, name + ".cs"));
        int index = Array.FindIndex(lines, line => line.EndsWith("// " + comment, StringComparison.Ordinal));
        return $"{name}.cs({index + 1}";
    }

    private static void Mentions(string said, string place, string code, string text)
    {
        IEnumerable<string> lines = said.Split('\n');
        Assert.Contains(lines, line =>
            line.Contains(place, StringComparison.Ordinal)
            && line.Contains($": error {code}: ", StringComparison.Ordinal)
            && line.Contains(text, StringComparison.Ordinal));
    }
}
