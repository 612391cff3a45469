using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Quarry.Bench;

/// <summary>One entry of workloads.json; workloads.schema.md describes the fields.</summary>
internal sealed record Workload(
    string Name,
    string Kind,
    string About,
    IReadOnlyList<string>? Build,
    IReadOnlyList<string> Requires,
    string? Prepare,
    string Command,
    int Threads)
{
    /// <summary>Whether it prints the same in every run.</summary>
    internal bool IsSynthetic => Kind == "synthetic";

    internal static IReadOnlyList<Workload> ReadAll(string file) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(file), BenchJson.Default.IReadOnlyListWorkload)!;
}
