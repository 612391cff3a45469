using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Quarry.Cli.Projects;

/// <summary>The files of a new project, which are resources of the command.</summary>
internal static class ProjectTemplate
{
    private const string NameMark = "NAME", ReferencesMark = "REFERENCES", Ending = ".txt", Prefix = "Template/";

    /// <summary>Each file by its name, as it is to be written.</summary>
    internal static IEnumerable<(string File, string Text)> Files(string name, string references)
    {
        Assembly assembly = typeof(ProjectTemplate).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
            string file = resource[Prefix.Length..^Ending.Length].Replace(NameMark, name, StringComparison.Ordinal);
            yield return (file, reader.ReadToEnd()
                .Replace(ReferencesMark, references, StringComparison.Ordinal)
                .Replace(NameMark, name, StringComparison.Ordinal));
        }
    }

    /// <summary>What the project file refers to: packages, or the sources that this command was built from.</summary>
    /// <param name="folder">Of the project.</param>
    /// <param name="sources">The folder <c>src</c>; null for packages.</param>
    /// <param name="version">Of the packages.</param>
    internal static string References(string folder, string? sources, string version)
    {
        if (sources is null)
        {
            return $"""
                  <ItemGroup>
                    <PackageReference Include="Quarry.Sdk" Version="{version}" />
                    <PackageReference Include="Quarry.Testing" Version="{version}" />
                  </ItemGroup>
                """;
        }

        // A project of the repository moves with it; one from elsewhere must find it.
        string root = Path.GetDirectoryName(sources)!;
        bool isInside = folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        string path = isInside ? Path.GetRelativePath(folder, sources) : sources;
        return $"""
              <ItemGroup>
                <ProjectReference Include="{path}/Quarry.Testing/Quarry.Testing.csproj" />
              </ItemGroup>

              <Import Project="{path}/Quarry.Sdk/build/Quarry.Sdk.targets" />
            """;
    }

    /// <summary>The sources that this command was built from, if it lies where it was built.</summary>
    internal static string? FindSources()
    {
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            string sources = Path.Combine(up.FullName, "src");
            if (File.Exists(Path.Combine(sources, "Quarry.Sdk", "build", "Quarry.Sdk.targets")))
            {
                return sources;
            }
        }

        return null;
    }
}
