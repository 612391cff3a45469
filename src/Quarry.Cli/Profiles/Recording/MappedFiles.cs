using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>The files that a process has mapped.</summary>
internal sealed class MappedFiles
{
    private const string Library = "libquarry";
    private const string OtherLibrary = "libquarrygc";
    private const string Deleted = " (deleted)";

    private readonly IReadOnlyList<string> _paths;
    private readonly Dictionary<string, ulong> _bases = [];

    private MappedFiles(int id, IEnumerable<string> lines)
    {
        ProcessId = id;
        foreach (string line in lines)
        {
            // "start-end rights offset device inode   path"
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path >= 0)
            {
                _ = _bases.TryAdd(line[path..], ulong.Parse(
                    line.AsSpan(0, line.IndexOf('-', StringComparison.Ordinal)), NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture));
            }
        }

        _paths = [.. _bases.Keys];
    }

    internal int ProcessId { get; }

    /// <summary>Gets the name of the process.</summary>
    internal string ProcessName => ProcFile.ReadField($"/proc/{ProcessId}/status", "Name") ?? "";

    /// <summary>Gets the path of the profile file, as the process sees it; null if there is none.</summary>
    internal string? Profile =>
        _paths.FirstOrDefault(f => f.EndsWith(ProfileFiles.Extension, StringComparison.Ordinal));

    internal bool HasDeletedProfile =>
        _paths.Any(f => f.EndsWith(ProfileFiles.Extension + Deleted, StringComparison.Ordinal));

    /// <summary>Gets the path of <c>libquarry.so</c>, as the process sees it; null if it has none.</summary>
    internal string? QuarryLibrary => _paths.FirstOrDefault(IsLibrary);

    internal bool HasDeletedLibrary =>
        QuarryLibrary is { } library && library.EndsWith(Deleted, StringComparison.Ordinal);

    internal bool IsManaged => _paths.Any(f => Path.GetFileName(f) == "libcoreclr.so");

    /// <summary>Gets the address at which a file begins.</summary>
    internal ulong BaseOf(string path) => _bases[path];

    /// <exception cref="QuarryException">There is no such process, or access is denied.</exception>
    internal static MappedFiles Of(int id)
    {
        if (!Directory.Exists($"/proc/{id}"))
        {
            throw new QuarryException($"there is no process {id}");
        }

        try
        {
            return new MappedFiles(id, File.ReadLines($"/proc/{id}/maps"));
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

    private static bool IsLibrary(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith(Library, StringComparison.Ordinal) &&
            !name.StartsWith(OtherLibrary, StringComparison.Ordinal) &&
            name.Contains(".so", StringComparison.Ordinal);
    }
}
