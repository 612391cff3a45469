using System.Collections.Generic;
using Quarry.Cli.Running;
using Quarry.Cli.Statistics;
using Quarry.Tools.Running;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>The result of <c>quarry profile</c>, for programs that read JSON.</summary>
internal sealed record ProfileReport
{
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Gets the exit code; null if a signal killed the program.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Gets the signal that killed the program; null if it exited.</summary>
    public required int? Signal { get; init; }

    public required double WallSeconds { get; init; }

    /// <summary>Gets the reason why the program left no profile; null if it did.</summary>
    public required string? MissingReason { get; init; }

    /// <summary>Gets the profiles, that of the program first.</summary>
    public required IReadOnlyList<ProfiledProcess> Processes { get; init; }

    internal static ProfileReport Of(
        ProgramCall call, RunResult result, IReadOnlyList<ProfiledProcess> processes) => new()
        {
            Command = [.. call.Words],
            ExitCode = result.End.Signal == 0 ? result.End.ExitCode : null,
            Signal = result.End.Signal == 0 ? null : result.End.Signal,
            WallSeconds = result.Wall.TotalSeconds,
            MissingReason = processes.Count == 0 ? MissingStatistics.Explain(call.Path, result.End) : null,
            Processes = processes,
        };
}
