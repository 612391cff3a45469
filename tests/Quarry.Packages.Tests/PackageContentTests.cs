using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace Quarry.Packages.Tests;

/// <summary>What the packages contain, and say of themselves.</summary>
public sealed class PackageContentTests(PackageFeed feed)
{
    [Theory]
    [InlineData("Quarry")]
    [InlineData("Quarry.AspNetCore", "Quarry")]
    [InlineData(
        "Quarry.Testing", "Microsoft.Diagnostics.NETCore.Client", "Microsoft.Diagnostics.Tracing.TraceEvent",
        "Quarry")]
    [InlineData("Quarry.Sdk", "Quarry", "runtime.linux-x64.Microsoft.DotNet.ILCompiler")]
    [InlineData("Quarry.Cli")]
    public void Dependencies_are_those_that_are_named_here(string package, params string[] dependencies)
    {
        XDocument description = XDocument.Parse(feed.Description(package));
        IEnumerable<string> actual = description.Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value).Distinct().Order();
        Assert.Equal(dependencies.Order(), actual);
    }

    [Theory]
    [InlineData("Quarry")]
    [InlineData("Quarry.AspNetCore")]
    [InlineData("Quarry.Testing")]
    [InlineData("Quarry.Sdk")]
    [InlineData("Quarry.Cli")]
    public void Description_is_complete(string package)
    {
        XElement metadata = XDocument.Parse(feed.Description(package)).Root!.Elements().First();
        Dictionary<string, string> texts = metadata.Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
        Assert.Equal("MIT", texts["license"]);
        Assert.Equal("README.md", texts["readme"]);
        Assert.Equal("icon.png", texts["icon"]);
        Assert.Contains("allocator", texts["tags"], StringComparison.Ordinal);
        Assert.InRange(texts["description"].Length, 40, 300);
        using ZipArchive archive = feed.Open(package);
        Assert.NotNull(archive.GetEntry("README.md"));
        Assert.NotNull(archive.GetEntry("icon.png"));
    }

    [Fact]
    public void Library_has_its_assembly_documentation_targets_and_analyzers()
    {
        Assert.Equal(
            [
                "README.md", "analyzers/dotnet/cs/Quarry.Analyzers.CodeFixes.dll",
                "analyzers/dotnet/cs/Quarry.Analyzers.dll", "build/net10.0/Quarry.targets",
                "buildTransitive/net10.0/Quarry.targets", "icon.png", "lib/net10.0/Quarry.dll",
                "lib/net10.0/Quarry.xml",
            ],
            Files("Quarry"));
    }

    [Fact]
    public void Tool_carries_its_images_and_nothing_of_the_repository()
    {
        string[] files = Files("Quarry.Cli");
        string[] images = ["libquarry.so", "libquarrygc.so", "libquarry.hook.dll", "libCounterMalloc.so"];
        foreach (string image in images)
        {
            Assert.Contains($"tools/net10.0/any/native/linux-x64/{image}", files);
        }

        Assert.Contains("tools/net10.0/any/Quarry.Tools.dll", files);
        Assert.DoesNotContain("tools/net10.0/any/quarry.xml", files);
        Assert.DoesNotContain("tools/net10.0/any/Quarry.Tools.xml", files);
        Assert.All(
            files.Where(file => file.StartsWith("tools/", StringComparison.Ordinal)),
            file => Assert.True(
                file.StartsWith("tools/net10.0/any/native/linux-x64/", StringComparison.Ordinal)
                    || Path.GetDirectoryName(file) == "tools/net10.0/any",
                file));
    }

    [Fact]
    public void Sdk_has_the_sources_of_images_for_all_processors()
    {
        string[] files = Files("Quarry.Sdk");
        Assert.Contains("src/Quarry.Core/Os/Os.Linux.Arm64.Freestanding.cs", files);
        Assert.Contains("src/Quarry.Core/Os/Os.Linux.X64.Freestanding.cs", files);
        Assert.Contains("src/Quarry.Freestanding/shim/arm64/shim.S", files);
        Assert.Contains("src/Quarry.Freestanding/shim/x64/shim.S", files);
        Assert.DoesNotContain(files, file => file.EndsWith(".Managed.cs", StringComparison.Ordinal)
            && file.StartsWith("src/Quarry.Core/", StringComparison.Ordinal));
    }

    // Without the files that every package has.
    private string[] Files(string package)
    {
        using ZipArchive archive = feed.Open(package);
        return
        [
            .. archive.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                    && name != "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }
}
