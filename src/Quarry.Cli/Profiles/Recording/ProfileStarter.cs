using System.Collections.Generic;
using System.Linq;
using Quarry.Tools;

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

        string[] prefixes = FileRequest.Paths(Name);
        IReadOnlyList<int> errors = files.IsManaged ? RuntimeHook.TryCreate(id, prefixes) : [];
        if (!FileRequest.IsDone(errors))
        {
            errors = FileRequest.Send(
                files, prefixes, (control, prefix, patience) => control.Request(prefix, patience),
                "cannot be attached to");
        }

        if (errors.Contains(DumpsSamples))
        {
            throw new QuarryException(
                $"process {id} runs with jemalloc's option prof:true and can have no second profile: use " +
                "its dumps, or start it without the option");
        }

        return FileRequest.IsDone(errors) ? TargetProcess.Find(id) : throw new QuarryException(
            $"process {id} cannot create its profile file: {FileRequest.Describe(errors)}");
    }
}
