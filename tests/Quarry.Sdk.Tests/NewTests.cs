using System;
using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary><c>quarry new</c> creates a project that builds.</summary>
public sealed class NewTests : IDisposable
{
    private const int WrongInput = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_project_builds_passes_its_tests_and_runs_programs()
    {
        string project = _folder.File("Mine");
        Outcome created = New(project);
        Assert.True(created.ExitCode == 0, created.Errors);
        Assert.Contains("libMine.so", created.Output, StringComparison.Ordinal);

        Outcome built = DotNet.Build("build", project).Start();
        Assert.True(built.ExitCode == 0, built.Output);
        string output = Path.Combine(project, "bin", "Debug", "net10.0");
        string library = Path.Combine(output, "libMine.so");
        Assert.Contains($"Mine -> {library}", built.Output, StringComparison.Ordinal);

        Outcome check = new Run(DotNet.Host, Path.Combine(output, "Mine.dll")).Start();
        Assert.Contains("passed all conformance tests", check.Output, StringComparison.Ordinal);

        Outcome ran = new Run(Tool, "run", "--allocator", library, "--", "ls", project).Start();
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("MineAllocator.cs", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_folder_is_not_changed()
    {
        string existing = Directory.CreateDirectory(_folder.File("Taken")).FullName;
        Rejects(existing, "is there already");
        Assert.Empty(Directory.GetFiles(existing));
    }

    [Theory]
    [InlineData("1Mine")]
    [InlineData("mine")]
    [InlineData("My-own")]
    [InlineData("System")]
    [InlineData("Console")]
    [InlineData("Shared")]
    [InlineData("Layout")]
    public void A_name_that_is_not_a_namespace_is_rejected(string name) =>
        Rejects(_folder.File(name), $"'{name}'");

    private static string Tool => Repository.Built("Quarry.Cli", "quarry");

    private static Outcome New(string path) => new Run(Tool, "new", path).Start();

    private static void Rejects(string path, string reason)
    {
        Outcome result = New(path);
        Assert.Equal(WrongInput, result.ExitCode);
        Assert.Contains(reason, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
