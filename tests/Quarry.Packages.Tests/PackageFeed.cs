using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Quarry.Packages.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PackageFeed))]

namespace Quarry.Packages.Tests;

/// <summary>A folder with all packages of the repository, packed once.</summary>
public sealed class PackageFeed : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quarry-packages-").FullName;

    public PackageFeed()
    {
        string[] projects = ["Quarry", "Quarry.AspNetCore", "Quarry.Testing", "Quarry.Sdk", "Quarry.Cli"];
        foreach (string project in projects)
        {
            _ = PackageUser.DotNet(
                Repository.Root, "pack", Path.Combine("src", project), "--no-build", "--nologo",
                "--configuration", Repository.Configuration, "--output", Folder,
                $"-p:PackageVersion={Version}");
        }

        // Nothing from here is left in the caches of the user, whose packages are read where they are.
        File.WriteAllText(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(_root, "cache")}" />
              </config>
              <packageSources>
                <add key="quarry" value="{Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="user" value="{UserPackages}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(_root, "Directory.Versions.props"), "<Project />");
        File.WriteAllText(Path.Combine(_root, "Directory.Packages.props"), "<Project />");
    }

    /// <summary>Gets the version of the packages, which no other build of them has.</summary>
    internal string Version { get; } = $"0.0.1-test.{DateTime.UtcNow.Ticks}";

    internal string Folder => Path.Combine(_root, "feed");

    private static string UserPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Creates a folder that restores from the feed, with files of the given contents.</summary>
    internal string Project(string name, params (string File, string Contents)[] files)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        foreach ((string file, string contents) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), contents);
        }

        return folder;
    }

    /// <summary>Opens a package.</summary>
    internal ZipArchive Open(string package) =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{package}.{Version}.nupkg"));

    /// <summary>Reads the description of a package.</summary>
    internal string Description(string package)
    {
        using ZipArchive archive = Open(package);
        using StreamReader reader = new(
            archive.Entries.Single(entry => entry.Name == package + ".nuspec").Open());
        return reader.ReadToEnd();
    }
}
