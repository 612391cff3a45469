using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>Runs the programs that lie beside the tests.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // Each program is in a folder of its name and of the configuration.
    private static readonly string s_configuration =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    internal static string Repository { get; } = typeof(SampleProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    /// <summary>Gets the path of a file of a built project.</summary>
    internal static string Built(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, s_configuration, file));

    /// <summary>Runs a program that has to succeed, and returns what it prints.</summary>
    internal static async Task<(string Output, string Errors)> RunAsync(
        string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string command = $"{program} {string.Join(' ', arguments)}";
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command} did not end.");
        }

        Assert.True(
            process.ExitCode == 0,
            $"{command} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return (await output, await errors);
    }
}
