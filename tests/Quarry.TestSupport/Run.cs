using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Quarry.Tools.Running;

namespace Quarry.TestSupport;

/// <summary>
/// One run of a program under the guard, which ends it and all its descendants at the time limit, and at once
/// when this process is gone.
/// </summary>
public sealed class Run(string program, params IEnumerable<string> arguments)
{
    // Neither options of whoever runs the tests nor settings of the test host reach the programs.
    private static readonly string[] s_foreign =
    [
        "LD_PRELOAD", "MALLOC_CONF", "QUARRY_CONF", "QUARRY_STATS", "QUARRY_PROFILE", "QUARRY_ERRORS",
        "CHECK_LIBRARY", "DOTNET_GC", "DOTNET_Quarry", "DOTNET_STARTUP_HOOKS",
        "DOTNET_CLI_TELEMETRY_SESSIONID", "COREHOST_", "MSBUILD", "VSTEST",
    ];

    private readonly string[] _arguments = [.. arguments];
    private readonly Dictionary<string, string> _environment = [];

    public int Seconds { get; init; } = 300;

    /// <summary>The number of characters of each output that are kept.</summary>
    public int LongestOutput { get; init; } = 1 << 20;

    public string Folder { get; init; } = Repository.TestOutput;

    /// <summary>What the program reads from standard input.</summary>
    public string Input { get; init; } = "";

    public string? Preload { get; init; }

    /// <summary>Whether libquarry-debug.so keeps its own defaults.</summary>
    public bool HasOwnDefaults { get; init; }

    /// <summary>RLIMIT_AS of the program in bytes, from its very start.</summary>
    public long? AddressSpace { get; init; }

    /// <summary>vm.overcommit_memory while the program runs.</summary>
    public int? Overcommit { get; init; }

    public Run With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public Run With(IEnumerable<(string Name, string Value)> variables)
    {
        foreach ((string name, string value) in variables)
        {
            _environment[name] = value;
        }

        return this;
    }

    /// <summary>Runs the program to its end.</summary>
    public Outcome Start()
    {
        ProcessStartInfo guard = Describe(Guard.Path);
        Option(guard, "-t", Seconds);
        Option(guard, "-p", Preload);
        Option(guard, "-v", AddressSpace);
        Option(guard, "-o", Overcommit);
        foreach (string word in (string[])[program, .. _arguments])
        {
            guard.ArgumentList.Add(word);
        }

        ProgramOutput read = ProgramOutput.Read(guard, Input, LongestOutput);
        return new Outcome(string.Join(' ', guard.ArgumentList), read.ExitCode, read.Output, read.Errors);
    }

    /// <summary>
    /// Starts the program itself, without the guard, for tests that talk to it or look at its process.
    /// </summary>
    public BackgroundRun Begin()
    {
        ProcessStartInfo info = Describe(program);
        foreach (string word in _arguments)
        {
            info.ArgumentList.Add(word);
        }

        return new BackgroundRun(Process.Start(info)!, $"{program} {string.Join(' ', _arguments)}", Seconds);
    }

    private ProcessStartInfo Describe(string file)
    {
        ProcessStartInfo info = new(file)
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

        if (DebugImage.Is(Preload) && !HasOwnDefaults)
        {
            info.Environment[DebugImage.Variable] =
                DebugImage.Options(_environment.GetValueOrDefault(DebugImage.Variable));
        }

        return info;
    }

    private static bool IsForeign(string name) =>
        s_foreign.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static void Option(ProcessStartInfo info, string name, object? value)
    {
        if (value is not null)
        {
            info.ArgumentList.Add(name);
            info.ArgumentList.Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }
}
