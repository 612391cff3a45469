using System;
using System.Collections.Generic;
using System.IO;
using Quarry.Tools.Elf;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Finds the file that holds the symbols which were stripped from another one.</summary>
internal static class DebugFile
{
    private const string Folder = "/usr/lib/debug";

    /// <summary>
    /// Opens the debug file of a module: by build ID, by the name in the file, or <c>FILE.dbg</c> beside it,
    /// as .NET publishes them. Null if there is none.
    /// </summary>
    /// <param name="path">The path of the module.</param>
    /// <param name="image">The module; null if it cannot be read.</param>
    /// <param name="buildId">The build ID, in lowercase hexadecimal; empty if it has none.</param>
    /// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
    internal static ElfImage? Open(string path, ElfImage? image, string buildId, string root)
    {
        foreach (string candidate in Candidates(path, image, buildId, root))
        {
            if (ElfImage.TryOpen(candidate) is { } found)
            {
                if (found.HasSymbols && IsOf(found, buildId))
                {
                    return found;
                }

                found.Dispose();
            }
        }

        return null;
    }

    private static IEnumerable<string> Candidates(string path, ElfImage? image, string buildId, string root)
    {
        if (buildId.Length > 2)
        {
            string file = $"{Folder}/.build-id/{buildId[..2]}/{buildId[2..]}.debug";
            yield return root + file;
            if (root.Length > 0)
            {
                yield return file;
            }
        }

        string folder = Path.GetDirectoryName(path) ?? "";
        if (image?.DebugLink() is { } link && !link.Contains('/', StringComparison.Ordinal))
        {
            yield return root + Path.Combine(folder, link);
            yield return root + Path.Combine(folder, ".debug", link);
            yield return root + Folder + Path.Combine(folder, link);
        }

        yield return root + path + ".dbg";
        yield return root + path + ".debug";
    }

    private static bool IsOf(ElfImage found, string buildId) =>
        buildId.Length == 0 || found.BuildId() is { } actual && (actual.Length == 0 || actual == buildId);
}
