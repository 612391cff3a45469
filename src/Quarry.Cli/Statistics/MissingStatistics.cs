using System;
using System.IO;
using System.Linq;
using Quarry.Tools.Elf;
using Quarry.Tools.Running;

namespace Quarry.Cli.Statistics;

/// <summary>Explains why a program wrote no statistics, as far as its file shows.</summary>
internal static class MissingStatistics
{
    // The interpreter of a script may be a script; the kernel follows four of them.
    private const int MaximumDepth = 4;

    internal static string Explain(string path, ProcessEnd end) =>
        NotLoaded(path, MaximumDepth) ??
        (end.Signal == 0
            ? "the program did not load the allocator, or did not allocate"
            : "the program was killed before the allocator wrote any");

    private static string? NotLoaded(string path, int depth)
    {
        if (ElfFile.Read(path) is { } elf)
        {
            return !elf.IsNative
                ? $"{path} did not load the allocator: it is not a 64-bit program for x86-64"
                : !elf.HasInterpreter
                ? $"{path} did not load the allocator: it is statically linked, and LD_PRELOAD needs a loader"
                : IsPrivileged(path)
                ? $"{path} did not load the allocator: it is setuid or setgid, which disables LD_PRELOAD"
                : null;
        }

        return depth > 0 && Interpreter(path) is { } interpreter ? NotLoaded(interpreter, depth - 1) : null;
    }

    private static bool IsPrivileged(string path) =>
        (File.GetUnixFileMode(path) & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0;

    /// <summary>Gets the interpreter in the first line "#! interpreter" of a script.</summary>
    private static string? Interpreter(string path)
    {
        try
        {
            string first = File.ReadLines(path).FirstOrDefault() ?? "";
            string? word = first.StartsWith("#!", StringComparison.Ordinal)
                ? first[2..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
                : null;
            return word;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
