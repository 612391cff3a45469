using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Running;

namespace Quarry.Bench;

/// <summary>Takes one workload from its source to its figures.</summary>
internal sealed class WorkloadRunner(
    SuiteFolders folders, Workload workload, TimeSpan limit, CancellationToken cancellation)
{
    // Preloading the C library wins over an allocator that the program is linked to.
    private const string LibcLibrary = "libc.so.6";

    private static readonly TimeSpan s_preparationLimit = TimeSpan.FromMinutes(10);

    private readonly QuietCommand _command = new(folders);
    private string? _expectedOutput;

    /// <summary>The tools it needs and this machine lacks.</summary>
    internal IEnumerable<string> MissingTools() =>
        workload.Requires.Concat(workload.Build?.Take(1) ?? []).Where(tool => !ProgramFinder.IsThere(tool));

    /// <summary>
    /// Compiles, makes inputs, and runs once on the C library's allocator, whose output is the right one.
    /// </summary>
    internal void Prepare()
    {
        if (workload.Build is { } build)
        {
            string[] words = [.. build.Select(w => folders.Expand(workload, w))];
            _command.Run(s_preparationLimit, cancellation, words);
        }

        string work = folders.Work(workload);
        if (workload.Prepare is null)
        {
            Directory.CreateDirectory(work);
        }
        else
        {
            MakeInputs(work, workload.Prepare);
        }

        _ = Run(new Contender(Allocator.Libc, Library: null), cancellation);
        _expectedOutput = File.ReadAllText(folders.Output);
    }

    /// <summary>One run, measured by the small C program that the command starts through {run}.</summary>
    internal Measurement Run(Contender contender, CancellationToken stop) =>
        RunAs(contender.Library ?? LibcLibrary, stop);

    /// <summary>The same with any words before the program, of which the first is the library.</summary>
    internal Measurement RunAs(string start, CancellationToken stop)
    {
        File.Delete(folders.Result);
        string run = $"{folders.Measure} {folders.Result} {start}";
        string command = folders.Expand(workload, workload.Command)
            .Replace("{run}", run, StringComparison.Ordinal);
        _command.Run(limit, stop, "/bin/sh", "-c", command);
        if (!File.Exists(folders.Result))
        {
            throw new RunFailedException("it left no figures");
        }

        if (workload.IsSynthetic && _expectedOutput is not null &&
            File.ReadAllText(folders.Output) != _expectedOutput)
        {
            throw new RunFailedException("its output differs from that on glibc");
        }

        return Parse(File.ReadAllText(folders.Result));
    }

    /// <summary>Reads "WALL_US USER_US SYSTEM_US PEAK_KIB EXIT_CODE".</summary>
    internal static Measurement Parse(string line)
    {
        long[] figures = [.. line.Split(' ', StringSplitOptions.TrimEntries)
            .Select(w => long.Parse(w, CultureInfo.InvariantCulture))];
        return figures[4] == 0
            ? new Measurement(
                TimeSpan.FromMicroseconds(figures[0]),
                TimeSpan.FromMicroseconds(figures[1] + figures[2]),
                figures[3] * 1024)
            : throw new RunFailedException(
                string.Create(CultureInfo.InvariantCulture, $"the program's exit code is {figures[4]}"));
    }

    /// <summary>Inputs are made anew when the command that makes them is another than last time.</summary>
    private void MakeInputs(string work, string prepare)
    {
        string command = folders.Expand(workload, prepare);
        string made = work + ".made";
        if (File.Exists(made) && File.ReadAllText(made) == command)
        {
            return;
        }

        File.Delete(made);
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        Directory.CreateDirectory(work);
        _command.Run(s_preparationLimit, cancellation, "/bin/sh", "-c", command);
        File.WriteAllText(made, command);
    }
}
