using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>Finds a program the way a shell does, and says what is wrong in the shell's terms.</summary>
internal static class ProgramFinder
{
    // What the C library searches when PATH is not set.
    private const string DefaultPath = "/bin:/usr/bin";

    private static string SearchPath => Environment.GetEnvironmentVariable("PATH") ?? DefaultPath;

    internal static string Find(string program) => Find(program, SearchPath);

    /// <summary>The path of a program, maybe found in PATH; null if there is none to be started.</summary>
    internal static string? TryFind(string name) => Candidates(name, SearchPath).FirstOrDefault(IsExecutable);

    /// <summary>Whether a program of this name could be started.</summary>
    internal static bool IsThere(string name) => TryFind(name) is not null;

    internal static string Find(string program, string path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Check(program);
        }

        string? notExecutable = null;
        foreach (string candidate in Candidates(program, path))
        {
            if (IsExecutable(candidate))
            {
                return candidate;
            }

            notExecutable ??= candidate;
        }

        throw notExecutable is null
            ? new QuarryException(QuarryException.NotFound, $"{program}: command not found")
            : new QuarryException(QuarryException.CannotExecute, $"{notExecutable}: permission denied");
    }

    // A path is not searched for. An empty element of PATH means the current folder.
    private static IEnumerable<string> Candidates(string program, string path) => (
        program.Contains('/', StringComparison.Ordinal) ? [program]
        : program.Length == 0 ? []
        : path.Split(':').Select(folder => folder.Length == 0 ? "./" + program : folder + "/" + program))
        .Where(File.Exists);

    private static string Check(string program)
    {
        if (Directory.Exists(program))
        {
            throw new QuarryException(QuarryException.CannotExecute, $"{program}: is a directory");
        }

        if (!File.Exists(program))
        {
            throw new QuarryException(QuarryException.NotFound, $"{program}: no such file");
        }

        return IsExecutable(program)
            ? program
            : throw new QuarryException(QuarryException.CannotExecute, $"{program}: permission denied");
    }

    private static bool IsExecutable(string path) => Libc.Access(path, Constants.X_OK) == 0;
}
