using System;
using System.IO;

namespace Quarry.Tools.Allocators;

/// <summary>
/// Where what the command starts programs on lies: in native/linux-x64 beside the tool, or in that folder of
/// the repository's artifacts, above it.
/// </summary>
internal static class NativeFolder
{
    internal static string Get(string file) => Find(file) ?? throw new QuarryException(
        $"{file} was not found beside the tool; build it with 'dotnet build -c Release'");

    /// <summary>The full path of a file in it; null if it is not there.</summary>
    internal static string? Find(string file)
    {
        if (Environment.GetEnvironmentVariable("QUARRY_NATIVE") is { Length: > 0 } folder)
        {
            string named = Path.GetFullPath(Path.Combine(folder, file));
            return File.Exists(named) ? named : null;
        }

        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            string path = Path.Combine(up.FullName, "native", "linux-x64", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
