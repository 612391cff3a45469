using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Quarry.Freestanding.Tests;

/// <summary>Represents a `dotnet build` (or another verb) of a project in the folder images.</summary>
/// <param name="ExitCode">The exit code of the command.</param>
/// <param name="Output">The output of the command.</param>
/// <param name="NativeFolder">The folder of the images.</param>
internal sealed record Build(int ExitCode, string Output, string NativeFolder)
{
    internal static readonly string Repository = typeof(Build).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    private static string OwnArchitecture { get; } =
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    public static string ImageFolder(string image) =>
        Path.Combine(Repository, "tests", "Quarry.Freestanding.Tests", "images", image);

    public static Build Run(
        string verb,
        string image,
        string artifacts,
        string? compiler = null,
        string? architecture = null,
        params string[] more)
    {
        string project = Path.Combine(ImageFolder(image), image + ".csproj");
        string[] options =
            ["--nologo", "-tl:off", "-p:UseSharedCompilation=false", $"-p:ArtifactsPath={artifacts}"];
        string[] platform = architecture is null ? [] : [$"-p:RuntimeIdentifier=linux-{architecture}"];
        (int exitCode, string output) =
            Execute("dotnet", [verb, project, .. options, .. platform, .. more], compiler);
        string folder = $"linux-{architecture ?? OwnArchitecture}";
        return new Build(exitCode, output, Path.Combine(artifacts, "native", folder));
    }

    public static (int ExitCode, string Output) Execute(
        string program, string[] arguments, string? compiler = null, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Variables of the build that runs these tests would change the builds that they run.
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            {
                _ = start.Environment.Remove(name);
            }
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["CC"] = compiler;

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardInput.WriteAsync(input)
            .ContinueWith(_ => process.StandardInput.Close(), TaskScheduler.Default);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
