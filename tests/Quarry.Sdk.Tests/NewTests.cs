using System;
using System.IO;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary><c>quarry new</c> makes a project that builds at once.</summary>
public sealed class NewTests : IDisposable
{
    private const int WrongInput = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("quarry-new-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_project_builds_checks_itself_and_serves_programs()
    {
        string project = Path.Combine(_folder, "Mine");
        Result made = New(project);
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.Contains("libMine.so", made.Output, StringComparison.Ordinal);

        Result built = Execution.Build(project);
        Assert.True(built.ExitCode == 0, built.Output);
        string output = Path.Combine(project, "bin", "Debug", "net10.0");
        string library = Path.Combine(output, "libMine.so");
        Assert.Contains($"Mine -> {library}", built.Output, StringComparison.Ordinal);

        Result check = Execution.Run("dotnet", [Path.Combine(output, "Mine.dll")]);
        Assert.Contains("keeps every promise", check.Output, StringComparison.Ordinal);

        Result ran = Execution.Run(Tool, ["run", "--allocator", library, "--", "ls", project]);
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("MineAllocator.cs", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_there_is_left_alone()
    {
        string taken = Directory.CreateDirectory(Path.Combine(_folder, "Taken")).FullName;
        Refuses(taken, "is there already");
        Assert.Empty(Directory.GetFiles(taken));
    }

    [Theory]
    [InlineData("1Mine")]
    [InlineData("mine")]
    [InlineData("My-own")]
    [InlineData("System")]
    public void A_name_that_is_no_namespace_is_refused(string name) =>
        Refuses(Path.Combine(_folder, name), $"'{name}'");

    private static string Tool => Path.Combine(Sample.Output("Quarry.Cli"), "quarry");

    private static Result New(string path) => Execution.Run(Tool, ["new", path]);

    private static void Refuses(string path, string reason)
    {
        Result result = New(path);
        Assert.Equal(WrongInput, result.ExitCode);
        Assert.Contains(reason, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
