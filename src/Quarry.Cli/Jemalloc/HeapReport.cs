using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Quarry.Cli.Profiles.Recording;

namespace Quarry.Cli.Jemalloc;

/// <summary>The report of <c>malloc_stats_print</c> of a running process.</summary>
/// <remarks>
/// The process writes it itself, to a file that is requested through its memory; see
/// <see cref="QuarryControl"/>.
/// </remarks>
internal static class HeapReport
{
    private static readonly string[] s_folders = ["/tmp", "/var/tmp", "/dev/shm"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads the report.</summary>
    /// <param name="id">The process.</param>
    /// <param name="options">The letters of <c>malloc_stats_print</c>.</param>
    /// <exception cref="QuarryException">The process cannot be asked.</exception>
    internal static string Read(int id, string options)
    {
        MappedFiles files = MappedFiles.Of(id);
        if (files.QuarryLibrary is null && !QuarryControl.IsIn(id))
        {
            throw new QuarryException($"process {id} ({files.ProcessName}) does not run on libquarry.so: " +
                "start it with 'quarry run -- PROGRAM'");
        }

        using QuarryControl control = QuarryControl.Open(files);
        List<int> errors = [];
        foreach (string folder in s_folders)
        {
            string path = $"{folder}/quarry-report-{Guid.NewGuid():N}";
            int? error = control.RequestReport(path, options, s_patience);
            if (error is 0)
            {
                return ReadAndDelete(TargetProcess.RootOf(id) + path);
            }

            errors.Add(error ?? throw new QuarryException($"process {id} did not allocate for " +
                $"{s_patience.TotalSeconds} s, and an idle process cannot answer: " +
                "try again when it has work"));
        }

        throw new QuarryException($"process {id} cannot write its report: " + string.Join(
            "; ", s_folders.Zip(errors, (f, e) => $"{f}: {Marshal.GetPInvokeErrorMessage(e)}")));
    }

    private static string ReadAndDelete(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
