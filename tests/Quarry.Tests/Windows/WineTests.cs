using System.IO;
using Xunit;

namespace Quarry.Tests.Windows;

/// <summary>
/// The library on Windows, as far as Wine is Windows: the checks of Quarry.Windows.Tests, published with the
/// runtime of .NET for Windows.
/// </summary>
public sealed class WineTests
{
    [Fact]
    public void The_library_works_under_wine()
    {
        Assert.SkipUnless(Wine.IsInstalled, "Debian's wine64 is not installed.");
        string program = Publish();
        string prefix = Path.Combine(Repository.TestOutput, "wine");
        try
        {
            // .NET asks for Windows 10, which is not what each version of Wine says that it is.
            _ = Wine.Run(
                prefix, "reg", "add", @"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
                .ExpectSuccess();
            string output = Wine.Run(prefix, program).ExpectSuccess().Output;
            Assert.Contains("checks passed.", output);
            Assert.StartsWith("Microsoft Windows", output);
        }
        finally
        {
            Wine.End(prefix);
        }
    }

    private static string Publish()
    {
        string built = Path.Combine(Repository.TestOutput, "windows");
        string project = Path.Combine(Repository.Root, "tests", "Quarry.Windows.Tests");
        Outcome outcome = DotNet.Build(
            "publish", project, "--runtime", "win-x64", "--self-contained", "--configuration", "Release",
            "--output", Path.Combine(built, "program"), $"-p:ArtifactsPath={built}").Start();
        Assert.SkipWhen(outcome.Output.Contains("error NU1"), "NuGet does not have the runtime for Windows.");
        _ = outcome.ExpectSuccess();
        return Path.Combine(built, "program", "Quarry.Windows.Tests.exe");
    }
}
