using System.IO;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>One profile file of a run, for programs that read JSON. Sizes are in bytes.</summary>
internal sealed record ProfiledProcess
{
    public required int Pid { get; init; }

    public required string Program { get; init; }

    public required string File { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Gets "sampled" or "exact"; "off" if nothing was recorded at the end.</summary>
    public required string Mode { get; init; }

    public required long SampleInterval { get; init; }

    public required double Blocks { get; init; }

    public required long Bytes { get; init; }

    public required double LiveBlocks { get; init; }

    public required long LiveBytes { get; init; }

    public required long PeakBytes { get; init; }

    public required int Sites { get; init; }

    internal static ProfiledProcess Of(string path, ProfileFile file) => new()
    {
        Pid = file.ProcessId,
        Program = file.Program,
        File = path,
        FileBytes = new FileInfo(path).Length,
        Mode = file.Mode.ToString().ToLowerInvariant(),
        SampleInterval = file.SampleInterval,
        Blocks = file.Totals.Blocks,
        Bytes = file.Totals.Bytes,
        LiveBlocks = file.Totals.LiveBlocks,
        LiveBytes = file.Totals.LiveBytes,
        PeakBytes = file.Totals.PeakBytes,
        Sites = file.Sites.Count,
    };
}
