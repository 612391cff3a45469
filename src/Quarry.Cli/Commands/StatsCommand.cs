using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using Quarry.Cli.Benchmarking;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Live;
using Quarry.Cli.Profiles.Recording;
using Spectre.Console;

namespace Quarry.Cli.Commands;

/// <summary>Shows the heap of a running process, like top.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> s_once = Options.Switch("--once", "Print the figures once.");

    private static readonly Option<bool> s_json =
        Options.Switch("--json", "Print JSON, one line each second; one line with --once.");

    private static readonly Option<int> s_top =
        Options.Number("--top", 10, 0, "The number of sites to show (10).");

    private static readonly Argument<string?> s_process = new("PID")
    {
        Description = "The process ID.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Command Create()
    {
        Command command = new("stats", "Shows the heap of a running process, live.")
        {
            s_once,
            s_json,
            s_top,
            s_process,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        int id = ProcessId(parsed.GetValue(s_process));
        using ILiveSource source = Find(id, parsed.GetValue(s_top));
        if (parsed.GetValue(s_once))
        {
            Print(parsed, source.Read());
            return 0;
        }

        CancellationToken interruption = Interruption.Listen();
        IAnsiConsole console = Terminal.Output.CreateConsole();
        if (parsed.GetValue(s_json) || !console.Profile.Capabilities.Interactive)
        {
            Repeat(source, figures => Print(parsed, figures), interruption);
        }
        else
        {
            console.Live(new Text("")).Start(context =>
                Repeat(source, figures => context.UpdateTarget(LiveView.Render(figures)), interruption));
        }

        return 0;
    }

    private static void Repeat(ILiveSource source, Action<LiveFigures> show, CancellationToken interruption)
    {
        do
        {
            show(source.Read());
        }
        while (!interruption.WaitHandle.WaitOne(s_period) && source.IsRunning);
    }

    private static void Print(ParseResult parsed, LiveFigures figures)
    {
        if (parsed.GetValue(s_json))
        {
            Terminal.Output.Writer.WriteLine(JsonSerializer.Serialize(figures, LiveJson.Default.LiveFigures));
        }
        else
        {
            Terminal.Output.CreateConsole().Write(LiveView.Render(figures));
        }
    }

    private static ILiveSource Find(int id, int sites)
    {
        try
        {
            return new LiveProfile(TargetProcess.Find(id), sites);
        }
        catch (QuarryException) when (LiveRecord.TryFind(id) is { } record)
        {
            return record;
        }
    }

    private static int ProcessId(string? text) =>
        text is null ? throw new QuarryException("no process; see 'quarry stats --help'")
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0 ? id
        : throw new QuarryException($"'{text}' is not the ID of a process");
}
