using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

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
        using Process guard = new() { StartInfo = Describe(Guard.Path) };
        Option(guard.StartInfo, "-t", Seconds);
        Option(guard.StartInfo, "-p", Preload);
        Option(guard.StartInfo, "-v", AddressSpace);
        Option(guard.StartInfo, "-o", Overcommit);
        foreach (string word in (string[])[program, .. _arguments])
        {
            guard.StartInfo.ArgumentList.Add(word);
        }

        guard.Start();
        Task<string> output = ReadAsync(guard.StandardOutput), errors = ReadAsync(guard.StandardError);
        try
        {
            guard.StandardInput.Write(Input);
            guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that does not read its input has ended already.
        }

        guard.WaitForExit();
        return new Outcome(string.Join(' ', guard.StartInfo.ArgumentList), guard.ExitCode,
            output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
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

    // Reads to the end in any case, so that the program never waits for a full pipe.
    private async Task<string> ReadAsync(StreamReader reader)
    {
        StringBuilder text = new();
        char[] buffer = new char[8192];
        for (int length; (length = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (text.Length < LongestOutput)
            {
                text.Append(buffer, 0, length);
            }
        }

        return text.ToString();
    }
}
