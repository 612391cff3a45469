using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Tools.Running;

namespace Quarry.Tools.Allocators;

/// <summary>Where libraries lie on a Linux machine.</summary>
internal static class LibraryFolders
{
    private static readonly string[] s_usual =
        ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

    private static readonly string[] s_ldconfig = ["/sbin/ldconfig", "/usr/sbin/ldconfig"];

    /// <summary>
    /// Every library file of the usual folders, then what the loader's cache knows beyond them.
    /// </summary>
    internal static IEnumerable<string> Libraries() =>
        Preferred().Concat(s_usual).Concat(Clang()).SelectMany(Files).Concat(LoaderCache());

    /// <summary>Reads the answer of <c>ldconfig -p</c>: lines "name (kind) => path".</summary>
    internal static IEnumerable<string> ParseLoaderCache(IEnumerable<string> lines) =>
        lines.Where(l => l.Contains("x86-64", StringComparison.Ordinal))
            .Select(l => l.Split(" => "))
            .Where(parts => parts.Length == 2)
            .Select(parts => parts[1].Trim());

    private static string[] Preferred() =>
        Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")
            ?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];

    // Scudo comes with clang's run-time libraries, in a folder per version.
    private static IEnumerable<string> Clang() =>
        Folders("/usr/lib", "llvm-*").Select(l => l + "/lib/clang").Prepend("/usr/lib/clang")
            .SelectMany(c => Folders(c, "*")).Select(v => v + "/lib/linux");

    private static IEnumerable<string> Folders(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern) : [];

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "lib*.so*") : [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> LoaderCache()
    {
        string? ldconfig = s_ldconfig.FirstOrDefault(File.Exists);
        return ldconfig is not null && ProgramOutput.TryRead(ldconfig, "-p") is { } cache
            ? ParseLoaderCache(cache.Output.Split('\n'))
            : [];
    }
}
