using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Quarry.Tests;

/// <summary>What the package puts into the runtimeconfig.json of an application.</summary>
public sealed class PackageTargetsTests : IDisposable
{
    private static readonly string s_targets =
        Path.Combine(Repository.Root, "src", "Quarry", "build", "Quarry.targets");

    private readonly string _project = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.proj");

    public PackageTargetsTests() => File.WriteAllText(
        _project, $"<Project><Import Project=\"{s_targets}\" /></Project>");

    public void Dispose() => File.Delete(_project);

    [Theory]
    [InlineData("-p:Configuration=Debug", "Quarry.Checked=true")]
    [InlineData("-p:Configuration=Release", "")]
    [InlineData("-p:Configuration=Release -p:QuarryChecked=true", "Quarry.Checked=true")]
    [InlineData("-p:Configuration=Debug -p:QuarryChecked=false", "Quarry.Checked=false")]
    [InlineData("-p:QuarryGlobalAllocator=system", "Quarry.GlobalAllocator=system")]
    public void Properties_become_settings(string properties, string expected)
    {
        using JsonDocument items = JsonDocument.Parse(Evaluate(properties.Split(' ')));
        JsonElement options =
            items.RootElement.GetProperty("Items").GetProperty("RuntimeHostConfigurationOption");
        Assert.Equal(expected, string.Join(' ', options.EnumerateArray().Select(
            option => $"{option.GetProperty("Identity")}={option.GetProperty("Value")}")));
    }

    [Fact]
    public void The_library_reads_these_settings() =>
        Assert.Equal(("Quarry.Checked", "Quarry.GlobalAllocator"), (Checks.Switch, GlobalChoice.Switch));

    // In a folder without a framework, targets would make the package restore for any, and then not compile.
    [Fact]
    public void Targets_and_assembly_are_for_the_same_framework()
    {
        XDocument project = XDocument.Load(Path.Combine(s_targets, "..", "..", "Quarry.csproj"));
        string[] folders = project.Descendants("None")
            .Single(item => (string?)item.Attribute("Include") == "build/Quarry.targets")
            .Attribute("PackagePath")!.Value.Split(';');
        Assert.Equal(["build/$(TargetFramework)/", "buildTransitive/$(TargetFramework)/"], folders);
    }

    private string Evaluate(string[] properties) => DotNet.Build(
        "msbuild", _project, ["-getItem:RuntimeHostConfigurationOption", .. properties]).Start().Output;
}
