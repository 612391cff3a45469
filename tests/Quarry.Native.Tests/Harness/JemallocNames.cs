using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Quarry.Native.Tests.Harness;

/// <summary>Programs that call jemalloc's functions by names with a prefix.</summary>
internal static class JemallocNames
{
    /// <summary>The names that the crates jemalloc-sys and tikv-jemalloc-sys bind.</summary>
    public static readonly string[] All =
    [
        "malloc", "calloc", "posix_memalign", "aligned_alloc", "realloc", "free", "free_sized",
        "free_aligned_sized", "mallocx", "rallocx", "xallocx", "sallocx", "dallocx", "sdallocx", "nallocx",
        "malloc_usable_size", "mallctl", "mallctlnametomib", "mallctlbymib", "malloc_stats_print",
        "malloc_conf", "malloc_message",
    ];

    /// <summary>Builds a program that is linked to an image and calls the names with a prefix.</summary>
    /// <param name="source">The source in tests/native.</param>
    /// <param name="image">The path of the image.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="options">Further options of the compiler.</param>
    public static string Build(string source, string image, string prefix, params string[] options)
    {
        string folder = Path.GetDirectoryName(image)!;
        string[] renamed = [.. All.Select(name => $"-D{name}={prefix}{name}")];
        string[] linked =
            [$"-L{folder}", $"-Wl,-rpath,{folder}", $"-l:{Path.GetFileName(image)}", "-rdynamic"];
        string name = $"{Path.GetFileNameWithoutExtension(source)}-{prefix}{string.Concat(options)}";
        return Compiler.Build(source, name, "gcc", ["-std=gnu17", .. renamed, .. options, .. linked]);
    }

    /// <summary>The symbols that an image defines, as lines of readelf by name.</summary>
    public static Dictionary<string, string[]> Exports(string image) =>
        new Run(Tool.Require("readelf"), "--dyn-syms", "-W", image).Start().ExpectSuccess().Output.Split('\n')
            .Select(line => line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 8 && fields[6] != "UND" && fields[0] != "Num:")
            .ToDictionary(fields => fields[7]);
}
