using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Allocators;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Running;
using Quarry.Profiles;

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

        RunResult result = RunResult.Supervise(call, environment);
        end = result.End;
        List<ProfiledProcess> processes = [];
        foreach (string path in files.FindNew())
        {
            if (Complete(path, rundowns) is { } process)
            {
                processes.Add(process);
            }
        }

        return ProfileReport.Of(
            call, result, [.. processes.OrderBy(p => p.Pid != result.Process).ThenBy(p => p.Pid)]);
    }

    /// <summary>A file that cannot be completed must not take the others with it.</summary>
    private static ProfiledProcess? Complete(string path, RundownFolder rundowns)
    {
        try
        {
            ProfileFile file = ProfileFile.Open(path);
            RuntimeEvents events = new();
            if (rundowns.Find(file.ProcessId) is { } recording)
            {
                using FileStream stream = File.OpenRead(recording);
                events.Read(stream);
            }

            NameAppender.Append(path, events);
            return ProfiledProcess.Of(path, file);
        }
        catch (Exception e) when (e is ProfileFormatException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.Writer.WriteLine($"quarry: {path}: {e.Message}");
            return null;
        }
    }
}
