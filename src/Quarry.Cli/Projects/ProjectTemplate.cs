using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Quarry.Cli.Projects;

/// <summary>Provides the files of a new project, which are embedded in the command.</summary>
internal static class ProjectTemplate
{
    private const string NameMark = "NAME", ReferencesMark = "REFERENCES", ValueMark = "VALUE";
    private const string Ending = ".txt", Prefix = "Template/";

    /// <summary>Returns the name and text of each file.</summary>
    internal static IEnumerable<(string File, string Text)> Files(string name, string references)
    {
        foreach (string resource in typeof(ProjectTemplate).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string file = resource[Prefix.Length..^Ending.Length];
            yield return (file.Replace(NameMark, name, StringComparison.Ordinal), Resource(resource)
                .Replace(ReferencesMark, references.TrimEnd(), StringComparison.Ordinal)
                .Replace(NameMark, name, StringComparison.Ordinal));
        }
    }

    /// <summary>Determines whether a name is a word of a C# file.</summary>
    internal static bool Uses(string name) =>
        Files(NameMark, references: "").Where(file => file.File.EndsWith(".cs", StringComparison.Ordinal))
            .Any(file => Regex.IsMatch(file.Text, $@"\b{name}\b"));

    /// <summary>
    /// Returns the references of the project file: packages, or the sources that this command was built from.
    /// </summary>
    /// <param name="folder">The folder of the project.</param>
    /// <param name="sources">The folder <c>src</c>; null for packages.</param>
    /// <param name="version">The version of the packages.</param>
    internal static string References(string folder, string? sources, string version)
    {
        if (sources is null)
        {
            return Resource("References/packages.txt").Replace(ValueMark, version, StringComparison.Ordinal);
        }

        // A relative path inside the repository, so that the project can move with it.
        string root = Path.GetDirectoryName(sources)!;
        bool isInside = folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        string path = isInside ? Path.GetRelativePath(folder, sources) : sources;
        return Resource("References/sources.txt").Replace(ValueMark, path, StringComparison.Ordinal);
    }

    /// <summary>Finds the sources that this command was built from, if it runs where it was built.</summary>
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

    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(ProjectTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
