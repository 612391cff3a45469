using System;
using System.Collections.Generic;
using System.IO;
using Quarry.Cli.Profiles.Recording;
using Quarry.Tools;

namespace Quarry.Cli.Jemalloc;

/// <summary>The report of <c>malloc_stats_print</c> of a running process.</summary>
/// <remarks>
/// The process writes it itself, to a file that is requested through its memory; see
/// <see cref="QuarryControl"/>.
/// </remarks>
internal static class HeapReport
{
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

        string[] paths = FileRequest.Paths($"quarry-report-{Guid.NewGuid():N}");
        IReadOnlyList<int> errors = FileRequest.Send(
            files, paths, (control, path, patience) => control.RequestReport(path, options, patience),
            "cannot answer");
        return FileRequest.IsDone(errors)
            ? ReadAndDelete(TargetProcess.RootOf(id) + paths[errors.Count - 1])
            : throw new QuarryException(
                $"process {id} cannot write its report: {FileRequest.Describe(errors)}");
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
