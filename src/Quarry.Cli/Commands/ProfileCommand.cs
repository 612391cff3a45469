using System;
using System.CommandLine;
using System.IO;
using System.Text.Json;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Recording;
using Quarry.Tools;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;
using Quarry.Tools.Running;

namespace Quarry.Cli.Commands;

/// <summary>Records which code allocates, in a program that is started or in a running process.</summary>
internal static class ProfileCommand
{
    private static readonly Option<bool> s_exact =
        Options.Switch("--exact", "Record every allocation instead of samples.");

    private static readonly Option<long?> s_sample =
        Options.Bytes("--sample", "The mean number of bytes between samples (512K).");

    private static readonly Option<string> s_output =
        Options.Text("--output", "PREFIX", "Write PREFIX.PID.qprof (the name of the program).");

    private static readonly Option<bool> s_children =
        Options.Switch("--children", "Record child processes too, each one to its own file.");

    private static readonly Option<string> s_format =
        Options.Text("--format", "FORMAT", $"Also write the profile as {ProfileFormats.All.Names}.");

    private static readonly Option<string> s_json = new("--json")
    {
        Description = "Write the result as JSON, to FILE or else to standard error.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int> s_attach =
        Options.Number("--attach", 0, 1, "Record the running process with this ID instead of a program.");

    private static readonly Option<TimeSpan?> s_for =
        Options.Time("--for", "With --attach: record for this time, such as 60s or 5m (until Ctrl-C).");

    private static readonly Argument<string[]> s_program = ProgramArgument.Create();

    internal static Command Create()
    {
        Command command = new("profile", "Records which code allocates, native and .NET.")
        {
            s_exact,
            s_sample,
            s_output,
            s_children,
            s_format,
            s_json,
            s_attach,
            s_for,
            s_program,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        RecordingOptions options = new(
            parsed.GetValue(s_exact), parsed.GetValue(s_sample), parsed.GetValue(s_children));
        if (options is { IsExact: true, Interval: not null })
        {
            throw new QuarryException("--exact and --sample exclude each other");
        }

        if (options.Interval is 0)
        {
            throw new QuarryException("--sample needs at least 1 byte");
        }

        // A wrong name is an error before the program runs, not after it.
        _ = Format(parsed);
        return parsed.GetResult(s_attach) is { Implicit: false }
            ? Attach(parsed, options)
            : Run(parsed, options);
    }

    private static int Run(ParseResult parsed, RecordingOptions options)
    {
        string[] words = ProgramArgument.Words(parsed, s_program);
        if (parsed.GetValue(s_for) is not null)
        {
            throw new QuarryException("--for belongs to --attach; a program is recorded until it ends");
        }

        ProgramCall call = ProgramCall.FromCommandLine(words);
        ProfiledRun run = new(call, options, ProfileFiles.Create(parsed.GetValue(s_output), words));
        ProfileReport report = run.Execute(out ProcessEnd end);
        Print(parsed, report);
        return end.Repeat();
    }

    private static int Attach(ParseResult parsed, RecordingOptions options)
    {
        if (parsed.GetValue(s_program)!.Length > 0)
        {
            throw new QuarryException("--attach records a running process; it takes no program");
        }

        if (options.WithChildren)
        {
            throw new QuarryException("--children is not possible with --attach: attach to each process");
        }

        TargetProcess process = ProfileStarter.Find(parsed.GetValue(s_attach));
        ProfileReport report = AttachedRun.Execute(
            process, options, parsed.GetValue(s_output), parsed.GetValue(s_for), Interruption.Listen());
        Print(parsed, report);
        return 0;
    }

    private static IFormat<Profile>? Format(ParseResult parsed) =>
        parsed.GetValue(s_format) is { } name ? ProfileFormats.All.Named(name) : null;

    private static void Print(ParseResult parsed, ProfileReport report)
    {
        if (Format(parsed) is { } format)
        {
            ProfileSummary.Convert(report, format);
        }

        if (parsed.GetResult(s_json) is null)
        {
            ProfileSummary.Write(report);
            return;
        }

        string json = JsonSerializer.Serialize(report, ProfileJson.Default.ProfileReport);
        if (parsed.GetValue(s_json) is { } file)
        {
            File.WriteAllText(file, json + "\n");
        }
        else
        {
            Terminal.Error.Writer.WriteLine(json);
        }
    }
}
