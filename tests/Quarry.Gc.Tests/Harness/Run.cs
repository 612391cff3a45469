using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Gc.Tests.Harness;

/// <summary>A program with its arguments, environment and time limit.</summary>
internal sealed class Run(string program, params IEnumerable<string> arguments)
{
    // Variables that choose a collector, and those of the tools that run the tests.
    private static readonly string[] s_foreign =
    [
        "DOTNET_GC", "DOTNET_gc", "DOTNET_Quarry", "DOTNET_STARTUP_HOOKS", "DOTNET_CLI_TELEMETRY_SESSIONID",
        "COREHOST_", "MSBUILD", "MSBuild", "VSTEST", "QUARRY_",
    ];

    private readonly List<string> _arguments = [.. arguments];
    private readonly Dictionary<string, string> _environment = [];

    internal TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    internal string Folder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Creates a run of a case of the probe on the stock collector.</summary>
    internal static Run Stock(params string[] arguments) => new(Places.DotNet, [Places.Probe, .. arguments]);

    /// <summary>Creates a run of a case of the probe on Quarry's heap.</summary>
    internal static Run Ours(params string[] arguments) => Stock(arguments).On(Places.Heap);

    /// <summary>Creates a run of a shell command, in which <c>$PROBE</c> starts the probe.</summary>
    internal static Run Shell(string line) =>
        new Run("/bin/sh", "-c", line).With("PROBE", $"{Places.DotNet} {Places.Probe}");

    internal Run On(string heap) => With("DOTNET_GCPath", heap);

    internal Run With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>Starts the program and waits for it to exit.</summary>
    internal Outcome Start()
    {
        using Process process = Begin();
        process.StandardInput.Close();
        return End(process);
    }

    /// <summary>Starts the program and leaves its standard input open.</summary>
    internal Process Begin()
    {
        ProcessStartInfo info = new(program, _arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in info.Environment.Keys.Where(IsForeign).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in _environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    /// <summary>Waits for the program to exit; kills it and fails after the time limit.</summary>
    internal Outcome End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', _arguments)} took longer than {Limit}: "
                + error.GetAwaiter().GetResult());
        }

        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static bool IsForeign(string name) =>
        s_foreign.Any(start => name.StartsWith(start, StringComparison.Ordinal));
}
