using System.IO;
using System.Runtime.InteropServices;

namespace Quarry.Freestanding.Tests;

/// <summary>Represents a `dotnet build` (or another verb) of a project in the folder images.</summary>
/// <param name="ExitCode">The exit code of the command.</param>
/// <param name="Output">The output of the command.</param>
/// <param name="NativeFolder">The folder of the images.</param>
internal sealed record Build(int ExitCode, string Output, string NativeFolder)
{
    private static string OwnArchitecture { get; } =
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    public static string ImageFolder(string image) =>
        Path.Combine(Repository.Root, "tests", "Quarry.Freestanding.Tests", "images", image);

    public static Build Run(
        string verb,
        string image,
        string artifacts,
        string? compiler = null,
        string? architecture = null,
        params string[] more)
    {
        string project = Path.Combine(ImageFolder(image), image + ".csproj");
        string[] platform = architecture is null ? [] : [$"-p:RuntimeIdentifier=linux-{architecture}"];
        Run run = DotNet.Build(verb, project, [$"-p:ArtifactsPath={artifacts}", .. platform, .. more]);
        Outcome outcome = (compiler is null ? run : run.With("CC", compiler)).Start();
        string folder = $"linux-{architecture ?? OwnArchitecture}";
        return new Build(
            outcome.ExitCode, outcome.Output + outcome.Errors, Path.Combine(artifacts, "native", folder));
    }
}
