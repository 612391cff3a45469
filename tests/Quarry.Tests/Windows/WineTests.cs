using System;
using System.IO;
using Xunit;

namespace Quarry.Tests.Windows;

/// <summary>
/// The library on Windows, as far as Wine is Windows: the checks of Quarry.Windows.Tests, published with the
/// runtime of .NET for Windows.
/// </summary>
public sealed class WineTests
{
    private static string Folder { get; } =
        Path.Combine(FindRoot(AppContext.BaseDirectory), "artifacts", "tests");

    [Fact]
    public void The_library_works_under_wine()
    {
        Assert.SkipUnless(WineProcess.IsInstalled, "Debian's wine64 is not installed.");
        string program = Publish();
        string prefix = Path.Combine(Folder, "wine");
        try
        {
            // .NET asks for Windows 10, which is not what each version of Wine says that it is.
            (int exitCode, string output) = WineProcess.Run(
                WineProcess.Wine,
                prefix,
                ["reg", "add", @"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f"]);
            Assert.True(exitCode == 0, output);
            (exitCode, output) = WineProcess.Run(WineProcess.Wine, prefix, [program]);
            Assert.True(exitCode == 0, output);
            Assert.Contains("checks passed.", output);
            Assert.StartsWith("Microsoft Windows", output);
        }
        finally
        {
            WineProcess.End(prefix);
        }
    }

    private static string Publish()
    {
        string built = Path.Combine(Folder, "windows");
        string project = Path.Combine(FindRoot(built), "tests/Quarry.Windows.Tests");
        (int exitCode, string output) = WineProcess.Run(
            "dotnet",
            null,
            [
                "publish", project, "--runtime", "win-x64", "--self-contained", "--configuration", "Release",
                "--output", Path.Combine(built, "program"), "-tl:off", $"-p:ArtifactsPath={built}",
                "-p:UseSharedCompilation=false",
            ]);
        Assert.SkipWhen(output.Contains("error NU1"), "NuGet does not have the runtime for Windows.");
        Assert.True(exitCode == 0, output);
        return Path.Combine(built, "program", "Quarry.Windows.Tests.exe");
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Quarry.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new IOException("There is no repository."));
}
