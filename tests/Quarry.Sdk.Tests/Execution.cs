using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>Runs programs with a time limit.</summary>
internal static class Execution
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    internal static Result Run(
        string program, string[] arguments, params (string Name, string Value)[] environment) =>
        RunIn("", program, arguments, environment);

    /// <summary>Runs a program in a folder; an empty path is the current one.</summary>
    internal static Result RunIn(
        string folder, string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Variables of the build that runs these tests would change the builds that they run.
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            {
                _ = start.Environment.Remove(name);
            }
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} took longer than {s_limit}");
        }

        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Builds a project outside the shared output folder, without leaving servers behind.</summary>
    internal static Result Build(string project, params string[] options) => Run(
        "dotnet",
        [
            "build", project, "--nologo", "-tl:off", "-nodeReuse:false", "-p:UseSharedCompilation=false",
            .. options,
        ],
        ("MSBUILDDISABLENODEREUSE", "1"));
}
