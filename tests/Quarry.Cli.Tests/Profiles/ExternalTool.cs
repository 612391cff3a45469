using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Runs the readers of other projects; a test is skipped by name where one is absent.</summary>
internal static class ExternalTool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a tool that must succeed, and returns what it prints.</summary>
    internal static string Run(string folder, string tool, params string[] arguments)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => Path.Combine(directory, tool)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"{tool} is not on this machine");
        ProcessStartInfo start = new(program!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };

        // Caches and the like stay in the test's folder.
        start.Environment["HOME"] = folder;
        start.Environment["PPROF_TMPDIR"] = folder;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{tool} took longer than {s_limit}");
        }

        string text = output.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{tool}: {error.GetAwaiter().GetResult()}\n{text}");
        return text;
    }

    /// <summary>The first file that exists; the test is skipped if none does.</summary>
    internal static string AnyFile(string what, IEnumerable<string> candidates)
    {
        string? found = candidates.FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{what} is not on this machine");
        return found!;
    }
}
