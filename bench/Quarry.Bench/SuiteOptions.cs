using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Tools;

namespace Quarry.Bench;

/// <summary>What to run.</summary>
/// <param name="Runs">Measured runs of each workload on each allocator.</param>
/// <param name="Only">Names of workloads; null for all.</param>
/// <param name="Allocators">Names, libraries, or NAME=LIBRARY; null for all that are found.</param>
/// <param name="Limit">When a run counts as hung.</param>
/// <param name="Output">The document to write into; null for none.</param>
/// <param name="RepeatWith">The command line that asks for the same again.</param>
internal sealed record SuiteOptions(
    int Runs,
    IReadOnlyList<string>? Only,
    IReadOnlyList<string>? Allocators,
    TimeSpan Limit,
    string? Output,
    string RepeatWith)
{
    internal IEnumerable<Workload> Select(IReadOnlyList<Workload> all)
    {
        string? unknown = Only?.FirstOrDefault(name => all.All(w => w.Name != name));
        return unknown is null
            ? all.Where(w => Only?.Contains(w.Name) ?? true)
            : throw new QuarryException(
                $"no workload is named '{unknown}'; there are: {string.Join(", ", all.Select(w => w.Name))}");
    }
}
