using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>The profile files of one run: <c>PREFIX.PID.qprof</c>, none of which existed before.</summary>
internal sealed class ProfileFiles
{
    internal const string Extension = ".qprof";

    private readonly string _folder;
    private readonly string _name;
    private readonly HashSet<string> _before;

    private ProfileFiles(string folder, string name)
    {
        _folder = folder;
        _name = name;
        _before = [.. Enumerate()];
    }

    /// <summary>Gets the prefix, as an absolute path: programs change their directory.</summary>
    internal string Prefix => Path.Combine(_folder, _name);

    /// <summary>Chooses the names before the program is started.</summary>
    /// <param name="prefix">The prefix that the user has given, or null.</param>
    /// <param name="program">The words of the program, after which files are named otherwise.</param>
    /// <exception cref="QuarryException">Files cannot be created there.</exception>
    internal static ProfileFiles Create(string? prefix, IReadOnlyList<string> program)
    {
        string path = Path.GetFullPath(prefix ?? NameOf(program));
        string folder = Path.GetDirectoryName(path) ?? "/";
        string name = Path.GetFileName(path);
        if (!Directory.Exists(folder))
        {
            throw new QuarryException($"{folder}: no such directory for the profile");
        }

        if (Libc.Access(folder, Constants.W_OK | Constants.X_OK) != 0)
        {
            throw new QuarryException(
                $"{folder}: no permission to write there; choose another folder with --output PREFIX");
        }

        return new ProfileFiles(folder, name.Length > 0 ? name : NameOf(program));
    }

    /// <summary>Finds the files that processes have created since then, in the order of creation.</summary>
    internal List<string> FindNew() =>
        [.. Enumerate().Where(f => !_before.Contains(f)).OrderBy(File.GetCreationTimeUtc)];

    /// <summary>Gets a path that does not exist yet: PATH.EXTENSION, PATH.2.EXTENSION, ...</summary>
    internal static string Unused(string path, string extension)
    {
        string candidate = path + extension;
        for (int i = 2; Path.Exists(candidate); i++)
        {
            candidate = $"{path}.{i}{extension}";
        }

        return candidate;
    }

    private IEnumerable<string> Enumerate() =>
        Directory.EnumerateFiles(_folder).Where(file =>
            Path.GetFileName(file) is { } name &&
            name.StartsWith(_name + ".", StringComparison.Ordinal) &&
            name.EndsWith(Extension, StringComparison.Ordinal));

    /// <summary>The assembly is the program where dotnet only starts it.</summary>
    private static string NameOf(IReadOnlyList<string> program)
    {
        string name = Path.GetFileName(program[0]);
        string? assembly = name == "dotnet"
            ? program.FirstOrDefault(w => w.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            : null;
        return assembly is null ? name : Path.GetFileNameWithoutExtension(assembly);
    }
}
