using System;
using System.Globalization;
using System.IO;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>A running process with a profile file, by whose first page it is controlled.</summary>
/// <param name="Id">The process ID, as this process sees it.</param>
/// <param name="InnerId">The ID, as the process itself sees it.</param>
/// <param name="Root">The root folder of the process; "" if it is that of this process.</param>
/// <param name="ProfilePath">The path of its profile file, as the process sees it.</param>
internal sealed record TargetProcess(int Id, int InnerId, string Root, string ProfilePath)
{
    private const string Advice = "start it with 'quarry profile -- PROGRAM', or with " +
        "QUARRY_PROFILE=PREFIX and QUARRY_CONF=profile:off to attach later";

    /// <summary>Gets the path of the profile file for this process.</summary>
    internal string ProfileFile => Root + ProfilePath;

    internal bool IsRunning =>
        ProcFile.ReadField($"/proc/{Id}/status", "State") is { } state && state is not ['Z' or 'X', ..];

    /// <summary>Finds the profile file of a process, which is mapped as long as the process runs.</summary>
    /// <exception cref="QuarryException">It has none, or access is denied.</exception>
    internal static TargetProcess Find(int id)
    {
        MappedFiles files = MappedFiles.Of(id);
        return Find(files) ?? throw new QuarryException(
            $"process {id} ({files.ProcessName}) has no profile file: {Advice}, or create one with " +
            $"'quarry profile --attach {id}'");
    }

    /// <summary>Finds the profile file of a process; null if it runs on the library without one.</summary>
    /// <exception cref="QuarryException">There cannot be one, or access is denied.</exception>
    internal static TargetProcess? Find(MappedFiles files)
    {
        int id = files.ProcessId;
        if (files.Profile is { } profile)
        {
            TargetProcess found = new(id, InnerIdOf(id), RootOf(id), profile);
            return File.Exists(found.ProfileFile)
                ? found
                : throw new QuarryException($"the profile file of process {id} was deleted");
        }

        if (files.HasDeletedProfile)
        {
            throw new QuarryException(
                $"the profile file of process {id} ({files.ProcessName}) was deleted");
        }

        return files.QuarryLibrary is not null || QuarryControl.IsIn(id)
            ? null
            : throw new QuarryException(
                $"process {id} ({files.ProcessName}) does not run on libquarry.so: {Advice}");
    }

    /// <summary>Gets the root folder of a process; "" if it is that of this process.</summary>
    internal static string RootOf(int id)
    {
        try
        {
            return Link($"/proc/{id}/ns/mnt") != Link("/proc/self/ns/mnt") ||
                Link($"/proc/{id}/root") != Link("/proc/self/root")
                ? $"/proc/{id}/root"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? Link(string path) => new FileInfo(path).LinkTarget;

    /// <summary>The last number of NSpid is that of the innermost namespace.</summary>
    private static int InnerIdOf(int id) =>
        ProcFile.ReadField($"/proc/{id}/status", "NSpid") is { } ids
            ? int.Parse(ids.Split('\t', ' ')[^1], CultureInfo.InvariantCulture)
            : id;
}
