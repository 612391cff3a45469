using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Quarry.Tools;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// Has a process create a file through its memory, in the first folder for temporary files that permits it.
/// </summary>
internal static class FileRequest
{
    private const int Exists = 17;

    private static readonly string[] s_folders = ["/tmp", "/var/tmp", "/dev/shm"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns the paths of a file in the folders, as the process sees them.</summary>
    internal static string[] Paths(string name) => [.. s_folders.Select(folder => $"{folder}/{name}")];

    /// <summary>Asks for each path until a file is created.</summary>
    /// <param name="files">The process.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="ask">
    /// Asks for one path and waits; returns 0 or the error number, or null if the process did not allocate in
    /// time.
    /// </param>
    /// <param name="refusal">What is not possible if the process is idle, such as "cannot answer".</param>
    /// <returns>The results for the paths that were tried.</returns>
    /// <exception cref="QuarryException">The process is idle, or cannot be asked.</exception>
    internal static IReadOnlyList<int> Send(
        MappedFiles files, IReadOnlyList<string> paths, Func<QuarryControl, string, TimeSpan, int?> ask,
        string refusal)
    {
        using QuarryControl control = QuarryControl.Open(files);
        List<int> errors = [];
        for (int at = 0; at < paths.Count && !IsDone(errors); at++)
        {
            errors.Add(ask(control, paths[at], s_patience) ?? throw new QuarryException(
                $"process {files.ProcessId} did not allocate for {s_patience.TotalSeconds} s, and an idle " +
                $"process {refusal}: try again when it has work"));
        }

        return errors;
    }

    /// <summary>Determines whether the last path succeeded. Another request may have been faster.</summary>
    internal static bool IsDone(IReadOnlyList<int> errors) =>
        errors.Count > 0 && errors[^1] is (0 or Exists);

    /// <summary>Describes why no folder permits the file.</summary>
    internal static string Describe(IReadOnlyList<int> errors) => string.Join(
        "; ", s_folders.Zip(errors, (f, e) => $"{f}: {Marshal.GetPInvokeErrorMessage(e)}"));
}
