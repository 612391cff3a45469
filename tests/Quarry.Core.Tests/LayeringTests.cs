using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>A folder of <c>src</c> uses only those above it.</summary>
public partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Quarry.Core"] = [],
        ["Quarry.Analyzers"] = [],
        ["Quarry.Analyzers.CodeFixes"] = ["Quarry.Analyzers"],
        ["Quarry"] = ["Quarry.Core", "Quarry.Analyzers", "Quarry.Analyzers.CodeFixes"],
        ["Quarry.Freestanding"] = ["Quarry.Core"],
        ["Quarry.Malloc"] = ["Quarry.Core", "Quarry.Freestanding"],
        ["Quarry.Malloc.Hook"] = [],
        ["Quarry.Malloc.Debug"] = ["Quarry.Core", "Quarry.Freestanding", "Quarry.Malloc"],
        ["Quarry.ImageLayout"] = [],
        ["Quarry.Sdk"] = ["Quarry.Core", "Quarry", "Quarry.Freestanding", "Quarry.Malloc"],
        ["Quarry.Gc"] = ["Quarry.Core", "Quarry.Freestanding"],
        ["Quarry.Gc.Hook"] = ["Quarry"],
        ["Quarry.AspNetCore"] = ["Quarry"],
        ["Quarry.Testing"] = ["Quarry"],
        ["Quarry.Probe"] = [],
        ["Quarry.Tools"] = [],
        ["Quarry.Cli"] =
            ["Quarry.Core", "Quarry", "Quarry.Probe", "Quarry.Sdk", "Quarry.Testing", "Quarry.Tools"],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_its_place(string project) => Assert.Contains(project, s_mayUse.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Build_files_name_only_folders_above(string project)
    {
        foreach (string file in Repository.Files($"src/{project}", ".csproj", ".props", ".targets"))
        {
            foreach (XElement element in XDocument.Parse(Repository.Text(file)).Descendants())
            {
                string[] named = IsBuildOrderOnly(element) ? [] : [.. Named(element, file)];
                Assert.All(named, folder => Assert.Contains(folder, Allowed(project)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Sources_name_only_namespaces_above(string project)
    {
        foreach (string file in Repository.Files($"src/{project}", ".cs"))
        {
            MatchCollection named = QualifiedName().Matches(Repository.Text(file));
            IEnumerable<string> folders = named.Select(match => FolderOf(match.Value)).OfType<string>();
            string[] wrong = [.. folders.Except(Allowed(project))];
            Assert.True(wrong.Length == 0, $"{file} names {string.Join(", ", wrong)}");
        }
    }

    [Fact]
    public void The_core_is_in_the_namespace_of_all()
    {
        foreach (string file in Repository.Files("src/Quarry.Core", ".cs"))
        {
            Assert.True(Repository.Lines(file).Contains("namespace Quarry;"), file);
        }
    }

    [Theory]
    [InlineData("Quarry.Cli")]
    [InlineData("Quarry.Tools")]
    public void The_command_calls_no_allocator(string project)
    {
        foreach (string file in Repository.Files($"src/{project}", ".cs"))
        {
            Assert.False(AllocatorUse().IsMatch(Repository.Text(file)), file);
        }
    }

    [Fact]
    public void Only_tests_look_into_the_library()
    {
        XDocument project = XDocument.Parse(Repository.Text("src/Quarry/Quarry.csproj"));
        foreach (XElement friend in project.Descendants("InternalsVisibleTo"))
        {
            Assert.EndsWith(".Tests", (string?)friend.Attribute("Include"), StringComparison.Ordinal);
        }
    }

    /// <summary>What benchmarks share with the command is in Quarry.Tools.</summary>
    [Fact]
    public void Benchmarks_and_the_command_do_not_use_each_other()
    {
        foreach (string file in Repository.Files("bench", ".csproj"))
        {
            Assert.DoesNotContain("Quarry.Cli.csproj", Repository.Text(file), StringComparison.Ordinal);
        }

        string command = Repository.Text("src/Quarry.Cli/Quarry.Cli.csproj");
        Assert.DoesNotContain("Bench", command, StringComparison.Ordinal);
    }

    /// <summary>A namespace may be that of a folder within another one: the longest counts.</summary>
    private static string? FolderOf(string name) => s_mayUse.Keys
        .Where(folder => folder.Contains('.'))
        .Where(folder => $"{name}.".StartsWith($"{folder}.", StringComparison.Ordinal))
        .MaxBy(folder => folder.Length);

    private static HashSet<string> Allowed(string project) =>
        [project, .. s_mayUse.GetValueOrDefault(project, [])];

    /// <summary>A reference that has something built before, and uses nothing of it when compiling.</summary>
    private static bool IsBuildOrderOnly(XElement element) =>
        (string?)element.Attribute("ReferenceOutputAssembly") == "false";

    private static IEnumerable<string> Named(XElement element, string file)
    {
        string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!);
        string sources = Path.Combine(Repository.Root, "src") + "/";
        foreach (string path in element.Attributes().Select(attribute => attribute.Value).Where(IsRelative))
        {
            string full = Path.GetFullPath(Path.Combine(folder, path));
            if (full.StartsWith(sources, StringComparison.Ordinal))
            {
                yield return full[sources.Length..].Split('/')[0];
            }
        }
    }

    private static bool IsRelative(string value) => value.StartsWith("../", StringComparison.Ordinal);

    [GeneratedRegex(@"\bQuarry(?:\.[A-Z]\w+)+\b")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"\b(ThreadHeap|HeapState|IAllocator|AllocHGlobal)\b")]
    private static partial Regex AllocatorUse();
}
