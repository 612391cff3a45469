using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>Runs the command as its users do, in a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    internal static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "quarry");

    internal static ToolResult Run(params string[] arguments) =>
        RunWith(new Dictionary<string, string>(), "", arguments);

    /// <summary>
    /// Runs a shell line in which $QUARRY is the command. SIGPIPE is ignored in .NET processes and their
    /// children; the line begins with its default, as from a terminal.
    /// </summary>
    internal static ToolResult Shell(string line) => Start(
        "/usr/bin/env",
        ["--default-signal=PIPE", "sh", "-c", line],
        new Dictionary<string, string> { ["QUARRY"] = Path },
        "");

    internal static ToolResult RunWith(
        IReadOnlyDictionary<string, string> environment, string input, params string[] arguments) =>
        Start(Path, arguments, environment, input);

    private static ToolResult Start(
        string program, string[] arguments, IReadOnlyDictionary<string, string> environment, string input)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that does not read its input has ended already.
        }

        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} took longer than {s_limit}");
        }

        return new ToolResult(
            process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
