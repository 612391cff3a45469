using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Allocators;
using Quarry.Cli.Running;

namespace Quarry.Cli.Statistics;

/// <summary>
/// All that is known of a run: what the kernel tells, and what the allocator tells per process.
/// </summary>
internal sealed record RunReport
{
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The file that was executed.</summary>
    public required string Path { get; init; }

    public required string Allocator { get; init; }

    public required string? Library { get; init; }

    public required int Pid { get; init; }

    /// <summary>Null when a signal killed it.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Null when it exited.</summary>
    public required int? Signal { get; init; }

    public required double WallSeconds { get; init; }

    public required double UserSeconds { get; init; }

    public required double SystemSeconds { get; init; }

    /// <summary>
    /// Of the largest process, by the kernel; a smaller one than <see cref="LeastPeakResident"/> reads as
    /// that.
    /// </summary>
    public required long PeakResident { get; init; }

    /// <summary>
    /// What this tool itself needs, where the kernel starts counting for a program that it starts.
    /// </summary>
    public required long LeastPeakResident { get; init; }

    /// <summary>
    /// Why the program itself left no figures; null when it did or when the allocator keeps none.
    /// </summary>
    public required string? NoFiguresBecause { get; init; }

    /// <summary>The program first, then its children by id.</summary>
    public required IReadOnlyList<HeapStatistics> Processes { get; init; }

    internal static RunReport Of(
        ProgramCall call,
        Allocator allocator,
        RunResult result,
        IReadOnlyList<HeapStatistics> processes) => new()
        {
            Command = [.. call.Words],
            Path = call.Path,
            Allocator = allocator.Name,
            Library = allocator.Library,
            Pid = result.Process,
            ExitCode = result.End.Signal == 0 ? result.End.ExitCode : null,
            Signal = result.End.Signal == 0 ? null : result.End.Signal,
            WallSeconds = result.Wall.TotalSeconds,
            UserSeconds = result.Usage.User.TotalSeconds,
            SystemSeconds = result.Usage.System.TotalSeconds,
            PeakResident = result.Usage.PeakResident,
            LeastPeakResident = result.LeastPeak,
            NoFiguresBecause = allocator.IsQuarry && processes.All(p => p.Pid != result.Process)
                ? MissingFigures.Explain(call.Path, result.End)
                : null,
            Processes = processes,
        };

    internal TimeSpan Cpu => TimeSpan.FromSeconds(UserSeconds + SystemSeconds);
}
