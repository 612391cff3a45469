using System;
using System.IO;

namespace Quarry.Bench;

/// <summary>Where things lie in the repository.</summary>
internal sealed record SuiteFolders(string Root)
{
    internal string Workloads => Path.Combine(Root, "bench", "workloads.json");

    internal string MeasureSource => Path.Combine(Root, "bench", "workloads", "measure.c");

    internal string Document => Path.Combine(Root, "docs", "performance.md");

    internal string ProfilingDocument => Path.Combine(Root, "docs", "profiling.md");

    internal string Artifacts => Path.Combine(Root, "artifacts", "bench");

    internal string Measure => Path.Combine(Artifacts, "bin", "measure");

    internal string Result => Path.Combine(Artifacts, "result.txt");

    internal string Output => Path.Combine(Artifacts, "output.txt");

    internal string Errors => Path.Combine(Artifacts, "errors.txt");

    internal string Json => Path.Combine(Artifacts, "results.json");

    internal string Binary(Workload workload) => Path.Combine(Artifacts, "bin", workload.Name);

    internal string Work(Workload workload) => Path.Combine(Artifacts, "work", workload.Name);

    internal string Expand(Workload workload, string text) => text
        .Replace("{root}", Root, StringComparison.Ordinal)
        .Replace("{bin}", Binary(workload), StringComparison.Ordinal)
        .Replace("{work}", Work(workload), StringComparison.Ordinal);

    /// <summary>The repository that this program was built in.</summary>
    internal static SuiteFolders Find()
    {
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            if (File.Exists(Path.Combine(up.FullName, "Quarry.slnx")))
            {
                return new SuiteFolders(up.FullName);
            }
        }

        throw new DirectoryNotFoundException("The workloads are found from inside the repository only.");
    }
}
