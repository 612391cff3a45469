using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Quarry.Tools.Allocators;

/// <summary>An allocator known by name, and the file names its library goes by, the best first.</summary>
internal sealed record KnownAllocator(string Name, params string[] Patterns)
{
    /// <summary>
    /// The sanitizing and debugging builds that lie beside some (libtcmalloc_debug, libmimalloc-secure) are
    /// other allocators in all that is measured, so patterns name the plain build exactly.
    /// </summary>
    internal static IReadOnlyList<KnownAllocator> All { get; } =
    [
        new("jemalloc", @"libjemalloc\.so\.2", @"libjemalloc\.so"),
        new("mimalloc", @"libmimalloc\.so\.\d+", @"libmimalloc\.so\.\d+\.\d+", @"libmimalloc\.so"),
        new("tcmalloc", @"libtcmalloc_minimal\.so\.\d+", @"libtcmalloc\.so\.\d+", @"libtcmalloc_minimal\.so"),
        new("snmalloc", @"libsnmallocshim\.so(\.\d+)?", @"libsnmalloc\.so(\.\d+)?"),
        new("rpmalloc", @"librpmallocwrap\.so(\.\d+)?", @"librpmalloc\.so(\.\d+)?"),
        new("hoard", @"libhoard\.so(\.\d+)?"),
        new("scudo", @"libclang_rt\.scudo_standalone-x86_64\.so", @"libclang_rt\.scudo_standalone\.so",
            @"libscudo\.so"),
        new("mesh", @"libmesh\.so(\.\d+)?"),
        new("hardened_malloc", @"libhardened_malloc(-light)?\.so"),
    ];

    /// <summary>
    /// How well a file name fits: the position of its pattern; -1 when it is no library of this one.
    /// </summary>
    internal int Rank(string fileName)
    {
        for (int i = 0; i < Patterns.Length; i++)
        {
            if (Regex.IsMatch(fileName, $"^{Patterns[i]}$", RegexOptions.CultureInvariant))
            {
                return i;
            }
        }

        return -1;
    }
}
