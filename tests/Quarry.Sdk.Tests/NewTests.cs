using System;
using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary><c>quarry new</c> creates a project that builds.</summary>
public sealed class NewTests : IDisposable
{
    private const int WrongInput = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("quarry-new-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_project_builds_passes_its_tests_and_runs_programs()
    {
        string project = Path.Combine(_folder, "Mine");
        Result created = New(project);
        Assert.True(created.ExitCode == 0, created.Errors);
        Assert.Contains("libMine.so", created.Output, StringComparison.Ordinal);

        Result built = Execution.Build(project);
        Assert.True(built.ExitCode == 0, built.Output);
        string output = Path.Combine(project, "bin", "Debug", "net10.0");
        string library = Path.Combine(output, "libMine.so");
        Assert.Contains($"Mine -> {library}", built.Output, StringComparison.Ordinal);

        Result check = Execution.Run("dotnet", [Path.Combine(output, "Mine.dll")]);
        Assert.Contains("passed all conformance tests", check.Output, StringComparison.Ordinal);

        Result ran = Execution.Run(Tool, ["run", "--allocator", library, "--", "ls", project]);
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("MineAllocator.cs", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_folder_is_not_changed()
    {
        string existing = Directory.CreateDirectory(Path.Combine(_folder, "Taken")).FullName;
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
        Rejects(Path.Combine(_folder, name), $"'{name}'");

    private static string Tool => Path.Combine(Sample.Output("Quarry.Cli"), "quarry");

    private static Result New(string path) => Execution.Run(Tool, ["new", path]);

    private static void Rejects(string path, string reason)
    {
        Result result = New(path);
        Assert.Equal(WrongInput, result.ExitCode);
        Assert.Contains(reason, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
