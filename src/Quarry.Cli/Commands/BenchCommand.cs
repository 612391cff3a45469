using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Cli.Benchmarking;
using Quarry.Tools;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Elf;
using Quarry.Tools.Output;
using Quarry.Tools.Running;

namespace Quarry.Cli.Commands;

/// <summary>Compares allocators on a program.</summary>
internal static class BenchCommand
{
    private static readonly Option<int> s_runs =
        Options.Number("--runs", 10, 1, "Measured runs on each allocator (10).");

    private static readonly Option<int> s_warmup =
        Options.Number("--warmup", 1, 0, "Unmeasured runs on each before them (1).");

    private static readonly Option<string> s_allocators =
        Options.Text("--allocators", "A,B,...", "Names, libraries, or NAME=LIBRARY (all that are found).");

    private static readonly Option<int> s_timeout =
        Options.Number("--timeout", 600, 1, "Seconds after which a run counts as hung (600).");

    private static readonly Option<bool> s_showOutput =
        Options.Switch("--show-output", "Let the program write to the terminal instead of nowhere.");

    private static readonly Option<string> s_output =
        Options.Text("--output", "FILE", "Also write the result to FILE.md or FILE.json.");

    private static readonly Option<bool> s_markdown =
        Options.Switch("--markdown", "Print Markdown instead of the table.");

    private static readonly Option<bool> s_json =
        Options.Switch("--json", "Print JSON instead of the table.");

    private static readonly Argument<string[]> s_program = ProgramArgument.Create();

    internal static Command Create()
    {
        Command command = new("bench", "Compares the time and memory of a program on several allocators.")
        {
            s_runs,
            s_warmup,
            s_allocators,
            s_timeout,
            s_showOutput,
            s_output,
            s_markdown,
            s_json,
            s_program,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string[] words = ProgramArgument.Words(parsed, s_program);

        if (parsed.GetValue(s_json) && parsed.GetValue(s_markdown))
        {
            throw new QuarryException("--json and --markdown exclude each other");
        }

        Action<BenchmarkReport>? save = Saver(parsed.GetValue(s_output));
        ProgramCall call = ProgramCall.FromCommandLine(words);
        WarnIfNotPreloadable(call);
        BenchmarkReport report = Measure(parsed, call, Contenders(parsed.GetValue(s_allocators)));
        save?.Invoke(report);
        Print(parsed, report);
        return report.Results.All(r => r.Failure is null) ? 0 : 1;
    }

    private static BenchmarkReport Measure(ParseResult parsed, ProgramCall call, List<Contender> contenders)
    {
        BenchmarkPlan plan = new(parsed.GetValue(s_runs), parsed.GetValue(s_warmup));
        GatedLauncher launcher =
            new(call, TimeSpan.FromSeconds(parsed.GetValue(s_timeout)), parsed.GetValue(s_showOutput));
        InterleavedRunner runner = new(contenders, launcher.Run);
        CancellationToken interruption = Interruption.Listen();
        int steps = (plan.Warmup + plan.Runs) * contenders.Count;
        return new BenchmarkReport
        {
            Command = [.. call.Words],
            Runs = plan.Runs,
            Warmup = plan.Warmup,
            Results = BenchmarkProgress.Show(Terminal.Error.CreateConsole(), steps, step =>
                runner.Run(plan, contender => step(contender.Name), interruption)),
        };
    }

    private static void Print(ParseResult parsed, BenchmarkReport report)
    {
        if (parsed.GetValue(s_json))
        {
            Terminal.Output.Writer.Write(BenchmarkJson.Write(report));
        }
        else if (parsed.GetValue(s_markdown))
        {
            Terminal.Output.Writer.Write(BenchmarkMarkdown.Write(report));
        }
        else
        {
            BenchmarkTable.Write(Terminal.Output.CreateConsole(), report);
        }
    }

    private static List<Contender> Contenders(string? names)
    {
        IEnumerable<Allocator> allocators = names is null
            ? AllocatorCatalog.FindAll()
            : names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(AllocatorCatalog.Resolve);
        List<Contender> contenders = [.. allocators.Select(a => new Contender(a.Name, a.Library)).Distinct()];
        return contenders.Count > 0 ? contenders : throw new QuarryException("--allocators names none");
    }

    /// <summary>Checks the name of the file before the work, not after it.</summary>
    private static Action<BenchmarkReport>? Saver(string? file) => Path.GetExtension(file) switch
    {
        null => null,
        ".md" => report => File.WriteAllText(file!, BenchmarkMarkdown.Write(report)),
        ".json" => report => File.WriteAllText(file!, BenchmarkJson.Write(report)),
        _ => throw new QuarryException($"--output needs a file named .md or .json, not '{file}'"),
    };

    private static void WarnIfNotPreloadable(ProgramCall call)
    {
        if (ElfFile.Read(call.Path) is { HasInterpreter: false })
        {
            Terminal.Error.Writer.WriteLine(
                $"quarry: {call.Path} is statically linked: it keeps its own allocator in every run");
        }
    }
}
