using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Quarry.Native.Tests.Harness;

/// <summary>
/// One run of a program under the guard, which ends it and all its descendants at the time limit, and at once
/// when this process is gone.
/// </summary>
internal sealed class Run(string program, params IEnumerable<string> arguments)
{
    private const string Options = "MALLOC_CONF";
    private readonly List<string> _arguments = [.. arguments];
    private readonly Dictionary<string, string> _environment = [];

    public int Seconds { get; init; } = 60;

    /// <summary>The number of characters of each output that are kept.</summary>
    public int LongestOutput { get; init; } = 1 << 20;

    public string? Preload { get; init; }

    public string Folder { get; init; } = Repository.Artifacts;

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

    public Outcome Start()
    {
        using Process guard = new() { StartInfo = Describe() };
        string command = string.Join(' ', guard.StartInfo.ArgumentList);
        guard.Start();
        // The guard's standard input stays open for as long as this process wants the program alive.
        Task<string> output = ReadAsync(guard.StandardOutput), errors = ReadAsync(guard.StandardError);
        guard.WaitForExit();
        return new Outcome(command, guard.ExitCode, output.GetAwaiter().GetResult(),
            errors.GetAwaiter().GetResult());
    }

    private ProcessStartInfo Describe()
    {
        ProcessStartInfo info = new(Guard.Path)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Neither the options of whoever runs the tests nor the test host's own settings reach the programs.
        string[] foreign =
        [
            "LD_PRELOAD", "MALLOC_CONF", "QUARRY_CONF", "QUARRY_STATS", "QUARRY_PROFILE", "QUARRY_ERRORS",
            "CHECK_LIBRARY",
        ];
        foreach (string name in info.Environment.Keys.Where(name => foreign.Contains(name)
            || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("VSTEST", StringComparison.Ordinal)).ToArray())
        {
            info.Environment.Remove(name);
        }
        foreach ((string name, string value) in _environment)
            info.Environment[name] = value;
        if (LibraryUnderTest.HasAssertions && Preload is not null && !HasOwnDefaults)
            info.Environment[Options] = LibraryUnderTest.Options(_environment.GetValueOrDefault(Options));
        Option(info, "-t", Seconds);
        Option(info, "-p", Preload);
        Option(info, "-v", AddressSpace);
        Option(info, "-o", Overcommit);
        info.ArgumentList.Add(program);
        foreach (string argument in _arguments)
            info.ArgumentList.Add(argument);
        return info;
    }

    private static void Option(ProcessStartInfo info, string name, object? value)
    {
        if (value is null)
            return;
        info.ArgumentList.Add(name);
        info.ArgumentList.Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
    }

    // Reads to the end in any case, so that the program never waits for a full pipe.
    private async Task<string> ReadAsync(StreamReader reader)
    {
        StringBuilder text = new();
        char[] buffer = new char[8192];
        for (int length; (length = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (text.Length < LongestOutput)
                text.Append(buffer, 0, length);
        }
        return text.ToString();
    }
}
