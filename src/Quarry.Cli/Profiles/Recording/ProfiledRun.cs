using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Running;
using Quarry.Profiles;
using Quarry.Tools.Allocators;
using Quarry.Tools.Output;
using Quarry.Tools.Running;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Runs a program to its end while it records, and adds the names.</summary>
internal sealed class ProfiledRun(ProgramCall call, RecordingOptions options, ProfileFiles files)
{
    internal ProfileReport Execute(out ProcessEnd end)
    {
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        AllocatorCatalog.Resolve(Allocator.Quarry).Preload(environment);
        options.Announce(environment, files.Prefix);
        using RundownFolder rundowns = new();
        rundowns.Announce(environment);

        RunResult result = Supervise(environment, rundowns);
        end = result.End;
        List<ProfiledProcess> processes = [];
        foreach ((string path, ProfileFile file) in Current(files.FindNew()))
        {
            if (Complete(path, file, rundowns) is { } process)
            {
                processes.Add(process);
            }
        }

        return ProfileReport.Of(
            call, result, [.. processes.OrderBy(p => p.Pid != result.Process).ThenBy(p => p.Pid)]);
    }

    private RunResult Supervise(EnvironmentBlock environment, RundownFolder rundowns)
    {
        PeriodicRundowns? periodic = null;
        try
        {
            return RunResult.Supervise(call, environment,
                process => periodic = new PeriodicRundowns(rundowns, process, options.WithChildren));
        }
        finally
        {
            periodic?.Dispose();
        }
    }

    /// <summary>
    /// Without children, the profile is that of the last program that the process became: a script or a
    /// shell before it is only the way there, so its file is deleted.
    /// </summary>
    private IEnumerable<(string Path, ProfileFile File)> Current(List<string> paths)
    {
        List<(string Path, ProfileFile File)> opened = [];
        foreach (string path in paths)
        {
            if (TryOpen(path) is { } file && IsOfThisRun(file))
            {
                opened.Add((path, file));
            }
        }

        opened.Sort((a, b) => a.File.StartTime.CompareTo(b.File.StartTime));
        if (options.WithChildren || opened.Count < 2)
        {
            return opened;
        }

        opened.SkipLast(1).Where(o => o.File.ProcessId == opened[^1].File.ProcessId && !o.File.HasEnded)
            .ToList().ForEach(o => File.Delete(o.Path));
        return opened.Where(o => File.Exists(o.Path));
    }

    /// <summary>
    /// Another run may write to the same folder. To the file of a process that still runs, such as a daemon
    /// that the program has started, nothing may be added.
    /// </summary>
    private bool IsOfThisRun(ProfileFile file) => options.WithChildren
        ? file.HasEnded || !Directory.Exists($"/proc/{file.ProcessId}")
        : file.ParentId == Environment.ProcessId;

    private static ProfileFile? TryOpen(string path)
    {
        try
        {
            return ProfileFile.Open(path);
        }
        catch (Exception e) when (e is ProfileFormatException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.Writer.WriteLine($"quarry: {path}: {e.Message}");
            return null;
        }
    }

    /// <summary>A file that cannot be completed must not take the others with it.</summary>
    private static ProfiledProcess? Complete(string path, ProfileFile file, RundownFolder rundowns)
    {
        try
        {
            NameAppender.Append(path, rundowns.Read(file.ProcessId));
            return ProfiledProcess.Of(path, file);
        }
        catch (Exception e) when (e is ProfileFormatException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.Writer.WriteLine($"quarry: {path}: {e.Message}");
            return null;
        }
    }
}
