using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Has a running process create a profile file, if it has none.</summary>
/// <remarks>
/// The first way that is open: the file that the process has; the runtime of a .NET process; the memory of
/// the process. The file is in the folder for temporary files, as the process sees it, and is deleted by the
/// process at its exit; later attaches find it.
/// </remarks>
internal static class ProfileStarter
{
    private const string Name = "quarry-attach";

    private static readonly string[] s_folders = ["/tmp", "/var/tmp", "/dev/shm"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // Profiler.Sampled of the library (EALREADY).
    private const int DumpsSamples = 114;

    /// <summary>Finds a process, which has a profile file then.</summary>
    /// <exception cref="QuarryException">There is no way to attach to it.</exception>
    internal static TargetProcess Find(int id)
    {
        MappedFiles files = MappedFiles.Of(id);
        if (TargetProcess.Find(files) is { } found)
        {
            return found;
        }

        string[] prefixes = [.. s_folders.Select(folder => $"{folder}/{Name}")];
        IReadOnlyList<int> errors = files.IsManaged ? RuntimeHook.TryCreate(id, prefixes) : [];
        if (!IsDone(errors))
        {
            errors = Request(files, prefixes);
        }

        if (errors.Contains(DumpsSamples))
        {
            throw new QuarryException(
                $"process {id} runs with jemalloc's option prof:true and can have no second profile: use " +
                "its dumps, or start it without the option");
        }

        return IsDone(errors) ? TargetProcess.Find(id) : throw new QuarryException(
            $"process {id} cannot create its profile file: " +
            string.Join("; ", s_folders.Zip(errors, (f, e) => $"{f}: {Marshal.GetPInvokeErrorMessage(e)}")));
    }

    private static List<int> Request(MappedFiles files, string[] prefixes)
    {
        using QuarryControl control = QuarryControl.Open(files);
        List<int> errors = [];
        foreach (string prefix in prefixes)
        {
            errors.Add(control.Request(prefix, s_patience) ?? throw new QuarryException(
                $"process {files.ProcessId} did not allocate for {s_patience.TotalSeconds} s, and an idle " +
                "process cannot be attached to: try again when it has work"));
            if (IsDone(errors))
            {
                break;
            }
        }

        return errors;
    }

    // Another attach may have been faster.
    private static bool IsDone(IReadOnlyList<int> errors)
    {
        const int Exists = 17;
        return errors.Count > 0 && errors[^1] is (0 or Exists);
    }
}
