using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Tools;
using Quarry.Tools.Allocators;

namespace Quarry.Bench;

/// <summary>One way to run a program: plainly, or under a profiler.</summary>
/// <param name="Name">The name.</param>
/// <param name="Baseline">The run without a profiler; null if this is one.</param>
/// <param name="Start">The words before the program: the library to preload, and the profiler.</param>
/// <param name="Runs">The most runs: one of a profiler whose cost is far above any noise.</param>
internal sealed record Profiler(string Name, string? Baseline, string Start, int Runs)
{
    private const string Dhat = "valgrind -q --tool=dhat --trace-children=yes";

    /// <summary>The plain run on <c>libquarry.so</c>.</summary>
    internal const string Off = "off";

    /// <summary>The plain run on the C library's allocator, on which other profilers run.</summary>
    internal const string Libc = "libc";

    /// <summary>
    /// Returns the profilers with some names, and the plain runs that they are compared with.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="folder">The folder for what they write.</param>
    internal static IReadOnlyList<Profiler> Select(IReadOnlyList<string> names, string folder)
    {
        string library = AllocatorCatalog.Resolve(Allocator.Quarry).Library!;
        string output = Path.Combine(folder, "p");
        string Recording(string mode) =>
            $"{library} env QUARRY_PROFILE={output} QUARRY_CONF=profile:{mode},profile_max:4G";
        Profiler[] all =
        [
            new(Off, null, $"{library} env", int.MaxValue),
            new("sampled", Off, Recording("sampled"), int.MaxValue),
            new("exact", Off, Recording("exact"), int.MaxValue),
            new(Libc, null, "libc.so.6 env", int.MaxValue),
            new("heaptrack", Libc, $"- heaptrack -o {output}", 1),
            new("DHAT", Libc, $"- {Dhat} --dhat-out-file={output}.%p", 1),
        ];
        string? unknown = names.FirstOrDefault(name => all.All(p => p.Name != name || p.Baseline is null));
        if (unknown is not null)
        {
            string known = string.Join(", ", all.Where(p => p.Baseline is not null).Select(p => p.Name));
            throw new QuarryException($"no profiler is named '{unknown}'; there are: {known}");
        }

        Profiler[] chosen = [.. all.Where(p => names.Contains(p.Name))];
        return [.. all.Where(p => chosen.Contains(p) || chosen.Any(c => c.Baseline == p.Name))];
    }
}
