using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Errors;
using Quarry.Cli.Running;
using Quarry.Tools.Allocators;
using Quarry.Tools.Running;

namespace Quarry.Cli.Statistics;

/// <summary>
/// The measurements of a run: those of the kernel, and the allocator's statistics of each process.
/// </summary>
internal sealed record RunReport
{
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Gets the path of the executed file.</summary>
    public required string Path { get; init; }

    public required string Allocator { get; init; }

    public required string? Library { get; init; }

    public required int Pid { get; init; }

    /// <summary>Gets the exit code; null if a signal killed the program.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Gets the signal that killed the program; null if it exited.</summary>
    public required int? Signal { get; init; }

    public required double WallSeconds { get; init; }

    public required double UserSeconds { get; init; }

    public required double SystemSeconds { get; init; }

    /// <summary>
    /// Gets the peak resident size of the largest process, as the kernel reports it: at least
    /// <see cref="LeastPeakResident"/>.
    /// </summary>
    public required long PeakResident { get; init; }

    /// <summary>
    /// Gets the resident size of this tool when it started the program: the kernel counts from there.
    /// </summary>
    public required long LeastPeakResident { get; init; }

    /// <summary>
    /// Gets the reason why the program itself wrote no statistics; null if it did, or if the allocator has
    /// none.
    /// </summary>
    public required string? MissingReason { get; init; }

    /// <summary>Gets the statistics of the program first, then of its children by ID.</summary>
    public required IReadOnlyList<ProcessStatistics> Processes { get; init; }

    /// <summary>Gets the errors that the mode has found; null if the mode finds none.</summary>
    public IReadOnlyList<MemoryError<NamedFrame>>? Errors { get; init; }

    internal static RunReport Of(
        ProgramCall call,
        Allocator allocator,
        RunResult result,
        IReadOnlyList<ProcessStatistics> processes) => new()
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
            MissingReason = allocator.IsQuarry && processes.All(p => p.Pid != result.Process)
                ? MissingStatistics.Explain(call.Path, result.End)
                : null,
            Processes = processes,
        };

    internal TimeSpan Cpu => TimeSpan.FromSeconds(UserSeconds + SystemSeconds);
}
