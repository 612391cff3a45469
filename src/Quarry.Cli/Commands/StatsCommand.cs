using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading;
using Quarry.Cli.Http;
using Quarry.Cli.Jemalloc;
using Quarry.Cli.Profiles.Live;
using Quarry.Cli.Profiles.Pushing;
using Quarry.Cli.Profiles.Recording;
using Quarry.Cli.Profiles.Serving;
using Quarry.Tools;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;

namespace Quarry.Cli.Commands;

/// <summary>Shows the heap of a running process, like top; serves or pushes its profile.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_pushPeriod = TimeSpan.FromSeconds(15);

    private static readonly Option<bool> s_once = Options.Switch("--once", "Print the figures once.");

    private static readonly Option<bool> s_json =
        Options.Switch("--json", "Print JSON, one line each second; one line with --once.");

    private static readonly Option<bool> s_jemalloc = Options.Switch(
        "--jemalloc", "Print the report of malloc_stats_print of the process, or its JSON with --json.");

    private static readonly Option<int> s_top =
        Options.Number("--top", 10, 0, "The number of sites to show (10).");

    private static readonly Option<LiveOrder> s_sort = new("--sort")
    {
        Description = "Order the sites by live, growth or allocated (live).",
        HelpName = "METRIC",
        CustomParser = result => Options.Parse<LiveOrder>(result, "live, growth or allocated", ParseOrder),
    };

    private static readonly Option<string> s_serve = new("--serve")
    {
        Description = "Serve profiles over HTTP (127.0.0.1:6060; port 0 for a free one).",
        HelpName = "ADDRESS:PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_push =
        Options.Text("--push", "URL", "Push profiles to the Pyroscope server at this address.");

    private static readonly Option<TimeSpan?> s_every =
        Options.Time("--every", "With --push: the time between two profiles, from 1s up (15s).");

    private static readonly Option<string> s_name = Options.Text(
        "--name", "NAME", "With --push: the application, such as shop{env=test} (that of the program).");

    private static readonly Argument<IReadOnlyList<int>> s_processes = new("PID")
    {
        Description = "The process ID.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => ProcessId.Parse(token.Value))],
    };

    internal static Command Create()
    {
        Command command = new("stats", "Shows the heap of a running process; serves or pushes profiles.")
        {
            s_once,
            s_json,
            s_jemalloc,
            s_top,
            s_sort,
            s_serve,
            s_push,
            s_every,
            s_name,
            s_processes,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        IReadOnlyList<int> ids = parsed.GetValue(s_processes) ?? [];
        bool serves = parsed.GetResult(s_serve) is not null, pushes = parsed.GetValue(s_push) is not null;
        bool isView = parsed.GetValue(s_once) || parsed.GetValue(s_json);
        if (parsed.GetValue(s_jemalloc))
        {
            if (serves || pushes || parsed.GetValue(s_once))
            {
                throw new QuarryException("--jemalloc prints once, and goes with --json only");
            }

            string report = HeapReport.Read(TheOnly(ids), parsed.GetValue(s_json) ? "J" : "");
            Terminal.Output.Writer.Write(report);
            return 0;
        }

        if ((serves && pushes) || ((serves || pushes) && isView))
        {
            throw new QuarryException("only one of --serve, --push and --once or --json is possible");
        }

        if (!pushes && (parsed.GetValue(s_every) is not null || parsed.GetValue(s_name) is not null))
        {
            throw new QuarryException("--every and --name belong to --push");
        }

        if (serves)
        {
            Serve(parsed, new WatchedProcesses(ids));
        }
        else if (pushes)
        {
            Push(parsed, new WatchedProcesses(ids));
        }
        else
        {
            Show(parsed, TheOnly(ids));
        }

        return 0;
    }

    private static int TheOnly(IReadOnlyList<int> ids) => ids.Count switch
    {
        0 => throw new QuarryException("no process; see 'quarry stats --help'"),
        1 => ids[0],
        _ => throw new QuarryException("several processes are possible with --serve and --push only"),
    };

    private static void Show(ParseResult parsed, int id)
    {
        LiveOrder order = parsed.GetValue(s_sort);
        ILiveSource source = Find(id, parsed.GetValue(s_top));
        LiveView view = new(source, order, s_period);
        Action print = parsed.GetValue(s_json) ? () => PrintJson(source.Read(order)) : view.Print;
        if (parsed.GetValue(s_once))
        {
            print();
            return;
        }

        CancellationToken interruption = Interruption.Listen();
        if (!parsed.GetValue(s_json) && Terminal.Output.IsInteractive)
        {
            view.Show(interruption);
            return;
        }

        do
        {
            print();
        }
        while (!interruption.WaitHandle.WaitOne(s_period) && source.IsRunning);
    }

    private static void Serve(ParseResult parsed, WatchedProcesses processes)
    {
        IPEndPoint address = parsed.GetValue(s_serve) is { } text
            ? ListenAddress.Parse(text) ?? throw new QuarryException(
                $"--serve needs ADDRESS:PORT such as 127.0.0.1:{ListenAddress.DefaultPort}, not '{text}'")
            : new IPEndPoint(IPAddress.Loopback, ListenAddress.DefaultPort);
        using HttpServer server = new(address);
        CancellationToken interruption = Interruption.Listen();
        Terminal.Output.Writer.WriteLine(
            $"Serving {What(processes)} at http://{server.Address}{PprofService.Root} (Ctrl-C ends it).");
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        var serving = server.RunAsync(new PprofService(processes).AnswerAsync, end.Token);
        while (!interruption.WaitHandle.WaitOne(s_period) && !serving.IsCompleted &&
            (processes.AreAll || processes.Running().Count > 0))
        {
            // Until the processes end or the user interrupts.
        }

        end.Cancel();
        serving.GetAwaiter().GetResult();
    }

    private static void Push(ParseResult parsed, WatchedProcesses processes)
    {
        string text = parsed.GetValue(s_push)!;
        Uri server = PyroscopePush.ParseAddress(text) ?? throw new QuarryException(
            $"--push needs an address such as http://localhost:4040, not '{text}'");
        TimeSpan period = parsed.GetValue(s_every) ?? s_pushPeriod;
        if (period < TimeSpan.FromSeconds(1))
        {
            throw new QuarryException("--every needs at least 1s");
        }

        using PyroscopePush push = new(server, parsed.GetValue(s_name), period);
        CancellationToken interruption = Interruption.Listen();
        Terminal.Output.Writer.WriteLine($"Pushing {What(processes)} to {push.Address} every " +
            $"{Duration.Format(period)} (Ctrl-C ends it).");
        push.Run(processes, interruption);
    }

    private static string What(WatchedProcesses processes) => processes.AreAll
        ? "all processes on libquarry.so that have a profile file"
        : string.Join(", ", processes.Running().Select(
            taker => string.Create(CultureInfo.InvariantCulture, $"{taker.Name} ({taker.Process.Id})")));

    private static void PrintJson(LiveFigures figures) =>
        Terminal.Output.Writer.WriteLine(JsonSerializer.Serialize(figures, LiveJson.Default.LiveFigures));

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

    private static LiveOrder? ParseOrder(string text) => text switch
    {
        "live" => LiveOrder.Live,
        "growth" => LiveOrder.Growth,
        "allocated" => LiveOrder.Allocated,
        _ => null,
    };
}
