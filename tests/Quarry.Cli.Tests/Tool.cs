using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Tests;

/// <summary>Runs the command as its users do, in a process of its own.</summary>
internal static class Tool
{
    internal static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "quarry");

    internal static Outcome Run(params string[] arguments) => new Run(Path, arguments).Start();

    /// <summary>
    /// Runs a shell line in which $QUARRY is the command. SIGPIPE is ignored in .NET processes and their
    /// children; the line begins with its default, as from a terminal.
    /// </summary>
    internal static Outcome Shell(string line) =>
        new Run("/usr/bin/env", "--default-signal=PIPE", "sh", "-c", line).With("QUARRY", Path).Start();

    internal static Outcome RunWith(
        IReadOnlyDictionary<string, string> environment, string input, params string[] arguments) =>
        new Run(Path, arguments) { Input = input }
            .With(environment.Select(pair => (pair.Key, pair.Value))).Start();

    /// <summary>Starts the command, for tests that talk to it while it runs.</summary>
    internal static BackgroundRun Begin(params string[] arguments) => new Run(Path, arguments).Begin();

    /// <summary>Starts the command and waits for its first line.</summary>
    internal static BackgroundRun BeginAndWait(params string[] arguments)
    {
        BackgroundRun run = Begin(arguments);
        _ = run.FirstLine;
        return run;
    }
}
