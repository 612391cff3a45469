using System;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Quarry.Tools;
using Quarry.Tools.Allocators;
using Quarry.Tools.Running;

namespace Quarry.Cli.Jemalloc;

/// <summary>Reads options by the allocator itself, in a process that does nothing else.</summary>
internal static class ConfProbe
{
    /// <summary>The environment variable of jemalloc's options.</summary>
    internal const string Variable = "MALLOC_CONF";

    // Allocates, because the library reads its options then, and runs exit handlers.
    private const string Program = "/bin/cat";
    private const string Prefix = "<jemalloc>: ";

    /// <summary>Checks options.</summary>
    /// <exception cref="QuarryException">The allocator rejects one of them.</exception>
    internal static void Check(string options, Allocator allocator)
    {
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        environment.Set(Variable, options);
        if (FindMessage(allocator, environment, out _) is { } message)
        {
            throw new QuarryException($"--conf: {message}; 'quarry options' prints all options");
        }
    }

    /// <summary>Checks that the options of this environment do not end a program.</summary>
    /// <exception cref="QuarryException">They do, by <c>abort_conf:true</c>.</exception>
    internal static void CheckEnvironment(Allocator allocator)
    {
        string? message = FindMessage(allocator, EnvironmentBlock.OfThisProcess(), out bool aborts);
        if (aborts)
        {
            throw new QuarryException(message ?? "the options end every program");
        }
    }

    private static string? FindMessage(Allocator allocator, EnvironmentBlock environment, out bool aborts)
    {
        // What the user preloads and records has no part in it.
        environment.Remove("LD_PRELOAD");
        environment.Remove("QUARRY_PROFILE");
        environment.Remove("QUARRY_STATS");
        allocator.Preload(environment);
        ProcessStartInfo start = new(Program, ["/dev/null"])
        {
            RedirectStandardError = true,

            // Not the user's, because the options may have dumps written.
            WorkingDirectory = "/proc",
        };
        start.Environment.Clear();
        foreach (byte[] entry in environment.Entries)
        {
            string text = Encoding.UTF8.GetString(entry);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                start.Environment[text[..equals]] = text[(equals + 1)..];
            }
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        aborts = process.ExitCode != 0;
        return errors.Split('\n').FirstOrDefault(IsMessage)?[Prefix.Length..].TrimEnd();
    }

    // A dump that cannot be written is no fault of the options.
    private static bool IsMessage(string line) => line.StartsWith(Prefix, StringComparison.Ordinal)
        && !line.StartsWith(Prefix + "failed to ", StringComparison.Ordinal)
        && !line.StartsWith(Prefix + "Leak ", StringComparison.Ordinal)
        && !line.StartsWith(Prefix + "Run jeprof ", StringComparison.Ordinal);
}
