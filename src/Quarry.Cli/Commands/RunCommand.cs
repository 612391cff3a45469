using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Quarry.Cli.Allocators;
using Quarry.Cli.Errors;
using Quarry.Cli.Jemalloc;
using Quarry.Cli.Output;
using Quarry.Cli.Running;
using Quarry.Cli.Statistics;
using Quarry.Tools;
using Quarry.Tools.Allocators;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;
using Quarry.Tools.Running;

namespace Quarry.Cli.Commands;

/// <summary>Runs a program on an allocator, and prints statistics of its allocations on request.</summary>
internal static class RunCommand
{
    private static readonly Option<bool> s_stats =
        Options.Switch("--stats", "Print what the program allocated, after it ends, to standard error.");

    private static readonly Option<bool> s_children =
        Options.Switch("--children", "Show its child processes too, and the total; implies --stats.");

    private static readonly Option<string> s_json = new("--json")
    {
        Description = "Write the statistics and errors as JSON, to FILE or else to standard error.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_allocator =
        Options.Text("--allocator", "NAME|PATH", "quarry (default), glibc, an installed one, or a library.");

    private static readonly Option<string> s_managed =
        Options.Text("--managed", "MODE", "A .NET program's objects on our heap: bump, counting, tracing...");

    private static readonly Option<long?> s_limit =
        Options.Bytes("--limit", "The most the program may allocate, with suffix K, M, G (quarry only).");

    private static readonly Option<string> s_conf = Options.Text(
        "--conf", "OPTIONS", "Options of jemalloc or Quarry, such as dirty_decay_ms:1000,prof:true.");

    private static readonly Option<string> s_mode = Options.Text(
        "--mode", "MODE",
        "release (default); guarded or checked: find memory errors, in production or in tests; hardened.");

    private static readonly Argument<string[]> s_program = ProgramArgument.Create();

    internal static Command Create()
    {
        Command command = new("run", "Runs a program on an allocator.")
        {
            s_stats,
            s_children,
            s_json,
            s_allocator,
            s_managed,
            s_limit,
            s_conf,
            s_mode,
            s_program,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string[] words = ProgramArgument.Words(parsed, s_program);

        Allocator allocator = AllocatorCatalog.Resolve(parsed.GetValue(s_allocator) ?? Allocator.Quarry);
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        allocator.Preload(environment);
        if (parsed.GetValue(s_limit) is { } limit)
        {
            Limit(environment, allocator, limit);
        }

        if (parsed.GetValue(s_conf) is { } options)
        {
            Configure(environment, allocator, options);
        }

        bool reports = parsed.GetValue(s_mode) is { } mode && Choose(environment, allocator, mode);
        ProgramCall call = ProgramCall.FromCommandLine(words);
        if (parsed.GetValue(s_managed) is { } managed)
        {
            ManagedHeap.Named(managed).Serve(call, environment);
        }

        bool table = parsed.GetValue(s_stats) || parsed.GetValue(s_children);
        if (!table && !reports && parsed.GetResult(s_json) is null)
        {
            return ProgramExecution.Replace(call, environment);
        }

        if (parsed.GetValue(s_json) is { } json)
        {
            OutputFile.CheckWritable(json);
        }

        ProcessEnd end;
        using (ErrorReports? errors = reports ? new ErrorReports(environment) : null)
        {
            end = Supervise(parsed, call, environment, allocator, table, errors);
        }

        return end.Repeat();
    }

    /// <summary>Sets the mode; returns whether it reports errors.</summary>
    private static bool Choose(EnvironmentBlock environment, Allocator allocator, string mode)
    {
        if (!allocator.IsQuarry)
        {
            throw new QuarryException($"--mode needs the quarry allocator; {allocator.Name} has none");
        }

        if (mode is not ("release" or "guarded" or "checked" or "hardened"))
        {
            throw new QuarryException(
                $"unknown mode '{mode}': expected release, guarded, checked or hardened");
        }

        environment.Append("QUARRY_CONF", $"mode:{mode}", ',');
        return mode is not "release";
    }

    private static void Limit(EnvironmentBlock environment, Allocator allocator, long limit)
    {
        if (!allocator.IsQuarry)
        {
            throw new QuarryException($"--limit needs the quarry allocator; {allocator.Name} has none");
        }

        environment.Append("QUARRY_CONF", string.Create(CultureInfo.InvariantCulture, $"limit:{limit}"), ',');
    }

    private static void Configure(EnvironmentBlock environment, Allocator allocator, string options)
    {
        if (!allocator.IsQuarry && !allocator.Name.Contains("jemalloc", StringComparison.Ordinal))
        {
            throw new QuarryException(
                $"--conf needs the quarry allocator or jemalloc; {allocator.Name} has no such options");
        }

        ConfProbe.Check(options, allocator);
        environment.Append(ConfProbe.Variable, options, ',');
    }

    private static ProcessEnd Supervise(
        ParseResult parsed, ProgramCall call, EnvironmentBlock environment, Allocator allocator, bool table,
        ErrorReports? reports)
    {
        List<ProcessStatistics> processes;
        RunResult result;
        using (StatisticsFolder folder = new())
        {
            if (allocator.IsQuarry)
            {
                folder.Announce(environment);
            }

            result = RunResult.Supervise(call, environment);
            processes = folder.Read(first: result.Process);
        }

        IReadOnlyList<MemoryError<NamedFrame>>? errors = reports?.Read();
        RunReport report = RunReport.Of(call, allocator, result, processes) with { Errors = errors };
        if (table)
        {
            new StatisticsView(Terminal.Error.CreateConsole()).Write(report, parsed.GetValue(s_children));
        }

        if (parsed.GetResult(s_json) is not null)
        {
            WriteJson(report, parsed.GetValue(s_json));
        }

        ErrorView.Write(Terminal.Error.Writer, errors ?? []);
        return result.End;
    }

    private static void WriteJson(RunReport report, string? file)
    {
        string json = JsonSerializer.Serialize(report, StatisticsJson.Default.RunReport);
        if (file is null)
        {
            Terminal.Error.Writer.WriteLine(json);
        }
        else
        {
            File.WriteAllText(file, json + "\n");
        }
    }
}
