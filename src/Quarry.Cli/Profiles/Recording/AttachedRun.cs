using System;
using System.Globalization;
using System.IO;
using System.Threading;
using Quarry.Profiles;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Records a running process, and writes a profile of it with names.</summary>
internal static class AttachedRun
{
    internal static ProfileReport Execute(TargetProcess process, RecordingOptions options, string? prefix,
        TimeSpan? duration, CancellationToken interruption)
    {
        string program = ProcFile.ReadField($"/proc/{process.Id}/status", "Name") ?? "process";
        ProfileFiles files = ProfileFiles.Create(prefix, [program]);
        long start = Environment.TickCount64;
        using AttachedRecording recording = new(process, options);
        recording.Record(duration, interruption);

        // The process may continue to write its own file, to which nothing can be added therefore.
        string path = ProfileFiles.Unused(
            string.Create(CultureInfo.InvariantCulture, $"{files.Prefix}.{process.InnerId}"),
            ProfileFiles.Extension);
        ProfileSnapshot.Copy(recording.Profile, path);
        try
        {
            NameAppender.Append(path, recording.Events, process.IsRunning ? process.Root : "");
            ProfileFile file = ProfileFile.Open(path);
            return new ProfileReport
            {
                Command = file.Arguments,
                ExitCode = null,
                Signal = null,
                WallSeconds = (Environment.TickCount64 - start) / 1000.0,
                MissingReason = null,
                Processes = [ProfiledProcess.Of(path, file)],
            };
        }
        catch (ProfileFormatException e)
        {
            File.Delete(path);
            throw new QuarryException($"{process.ProfileFile}: {e.Message}");
        }
    }
}
