using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Quarry.Core.Tests;

/// <summary>The sources, as they lie on disk.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The folders of <c>src</c>, by name.</summary>
    internal static IEnumerable<string> Projects =>
        System.IO.Directory.GetDirectories(Path.Combine(Root, "src"))
            .Select(folder => Path.GetFileName(folder));

    /// <summary>The files below a folder with one of these endings, as paths from the root.</summary>
    internal static IEnumerable<string> Files(string folder, params string[] endings)
    {
        string start = Path.Combine(Root, folder);
        return !System.IO.Directory.Exists(start)
            ? []
            : System.IO.Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories)
                .Where(file => endings.Contains(Path.GetExtension(file)))
                .Select(file => Path.GetRelativePath(Root, file))
                .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "artifacts"));
    }

    internal static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Quarry.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new IOException("There is no repository."));
}
