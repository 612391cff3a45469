using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>A running process with a profile file, by whose first page it is controlled.</summary>
/// <param name="Id">The process ID, as this process sees it.</param>
/// <param name="InnerId">The ID, as the process itself sees it.</param>
/// <param name="Root">The root folder of the process; "" if it is that of this process.</param>
/// <param name="ProfilePath">The path of its profile file, as the process sees it.</param>
internal sealed record TargetProcess(int Id, int InnerId, string Root, string ProfilePath)
{
    private const string Library = "libquarry";

    /// <summary>Gets the path of the profile file for this process.</summary>
    internal string ProfileFile => Root + ProfilePath;

    internal bool IsRunning =>
        ProcFile.ReadField($"/proc/{Id}/status", "State") is { } state && state is not ['Z' or 'X', ..];

    /// <summary>Finds the profile file of a process, which is mapped as long as the process runs.</summary>
    /// <exception cref="QuarryException">It has none, or access is denied.</exception>
    internal static TargetProcess Find(int id)
    {
        if (!Directory.Exists($"/proc/{id}"))
        {
            throw new QuarryException($"there is no process {id}");
        }

        List<string> files = MappedFiles(id);
        string? profile =
            files.Find(f => f.EndsWith(ProfileFiles.Extension, StringComparison.Ordinal)) ??
            throw NoProfile(id, files);
        string root = HasOwnRoot(id) ? $"/proc/{id}/root" : "";
        TargetProcess found = new(id, InnerIdOf(id), root, profile);
        return File.Exists(found.ProfileFile)
            ? found
            : throw new QuarryException($"the profile file of process {id} was deleted");
    }

    private static QuarryException NoProfile(int id, List<string> files)
    {
        string name = ProcFile.ReadField($"/proc/{id}/status", "Name") ?? "";
        const string Advice = "start it with 'quarry profile -- PROGRAM', or with " +
            "QUARRY_PROFILE=PREFIX and QUARRY_CONF=profile:off to attach later";
        if (files.Exists(f => f.EndsWith(ProfileFiles.Extension + " (deleted)", StringComparison.Ordinal)))
        {
            return new QuarryException($"the profile file of process {id} ({name}) was deleted");
        }

        bool isOurs = files.Exists(f => Path.GetFileName(f).StartsWith(Library, StringComparison.Ordinal));
        return new QuarryException(isOurs
            ? $"process {id} ({name}) has no profile file: {Advice}"
            : $"process {id} ({name}) does not run on libquarry.so: {Advice}");
    }

    private static List<string> MappedFiles(int id)
    {
        try
        {
            // "start-end rights offset device inode   path"
            return
            [
                .. File.ReadLines($"/proc/{id}/maps")
                    .Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and int path
                        ? line[path..]
                        : "")
                    .Where(path => path.Length > 0)
                    .Distinct(),
            ];
        }
        catch (UnauthorizedAccessException)
        {
            throw new QuarryException($"no permission to look into process {id}: run this command as its " +
                "user, or as root");
        }
        catch (IOException)
        {
            throw new QuarryException($"process {id} has ended");
        }
    }

    private static bool HasOwnRoot(int id)
    {
        try
        {
            return Link($"/proc/{id}/ns/mnt") != Link("/proc/self/ns/mnt") ||
                Link($"/proc/{id}/root") != Link("/proc/self/root");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Link(string path) => new FileInfo(path).LinkTarget;

    /// <summary>The last number of NSpid is that of the innermost namespace.</summary>
    private static int InnerIdOf(int id) =>
        ProcFile.ReadField($"/proc/{id}/status", "NSpid") is { } ids
            ? int.Parse(ids.Split('\t', ' ')[^1], CultureInfo.InvariantCulture)
            : id;
}
