using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quarry.Tools;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;

namespace Quarry.Bench;

/// <summary>Runs the workloads on every allocator and writes the tables.</summary>
internal static class Program
{
    private const string Invocation = "dotnet run -c Release --project bench/Quarry.Bench";

    private static readonly Option<int> s_runs =
        Options.Number("--runs", 5, 1, "Runs on each allocator (5).");

    private static readonly Option<string> s_only =
        Options.Text("--only", "A,B,...", "Workloads by name; the result is printed.");

    private static readonly Option<string> s_allocators =
        Options.Text("--allocators", "A,B,...", "Names, libraries, or NAME=LIBRARY (all that are found).");

    private static readonly Option<int> s_timeout =
        Options.Number("--timeout", 120, 1, "Seconds after which a run counts as hung (120).");

    private static readonly Option<string> s_profilers = Options.Text(
        "--profilers", "A,B,...", "Compares profilers instead: sampled, exact, heaptrack, DHAT.");

    private static readonly Option<string> s_output = Options.Text(
        "--output", "FILE", "The document to write into (docs/performance.md, docs/profiling.md).");

    private static int Main(string[] words)
    {
        RootCommand root = new("Runs the workloads of bench/workloads.json on every allocator, interleaved.")
        {
            s_runs,
            s_only,
            s_allocators,
            s_timeout,
            s_profilers,
            s_output,
        };
        root.SetAction(parsed => Execute(parsed, words));
        try
        {
            ParseResult parsed = root.Parse(words);
            return parsed.Errors.Count > 0
                ? Fail($"{parsed.Errors[0].Message.TrimEnd('.')}; see --help")
                : parsed.Invoke(new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                });
        }
        catch (OperationCanceledException)
        {
            return Fail("interrupted");
        }
        catch (Exception e)
            when (e is QuarryException or RunFailedException or IOException or InvalidDataException)
        {
            return Fail(e.Message);
        }
    }

    private static int Execute(ParseResult parsed, string[] words)
    {
        SuiteFolders folders = SuiteFolders.Find();
        string[]? only = Names(parsed.GetValue(s_only));
        string[]? profilers = Names(parsed.GetValue(s_profilers));
        string? output = parsed.GetValue(s_output) is { } file ? Path.GetFullPath(file)
            : only is not null ? null
            : profilers is null ? folders.Document
            : folders.ProfilingDocument;
        SuiteOptions options = new(
            parsed.GetValue(s_runs),
            only,
            Names(parsed.GetValue(s_allocators)),
            TimeSpan.FromSeconds(parsed.GetValue(s_timeout)),
            output,
            RepeatWith(words));

        if (profilers is not null)
        {
            ProfilerSuite suite = new(folders, options, profilers, Interruption.Listen());
            Write(output, "costs", suite.Run());
            return 0;
        }

        SuiteReport report = new Suite(folders, options, Interruption.Listen()).Run();
        string json = JsonSerializer.Serialize(report, BenchJson.Default.SuiteReport);
        File.WriteAllText(folders.Json, json + "\n");
        Write(output, "results", WritePicture(report, output) + SuiteMarkdown.Write(report));
        return report.Workloads.SelectMany(w => w.Results).Any(r => r.Failure is not null) ? 1 : 0;
    }

    /// <summary>
    /// Writes the picture into the folder "images" beside the document; returns the line that shows it.
    /// </summary>
    private static string WritePicture(SuiteReport report, string? document)
    {
        if (document is null || SuiteScatter.Write(report) is not { } picture)
        {
            return "";
        }

        string name = Path.GetFileNameWithoutExtension(document) + ".svg";
        string folder = Path.Combine(Path.GetDirectoryName(document)!, "images");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), picture);
        return $"![Means of time and peak memory of each allocator](images/{name})\n\n";
    }

    private static void Write(string? document, string section, string markdown)
    {
        if (document is null)
        {
            Terminal.Output.Writer.Write(markdown);
        }
        else
        {
            MarkedSection.Replace(document, section, markdown);
        }
    }

    // Where a library lies on this machine is of no use to a reader who wants to repeat the run.
    private static string RepeatWith(string[] words) => words.Length == 0
        ? Invocation
        : Invocation + " -- " + Regex.Replace(string.Join(' ', words), "=[^,= ]*/[^, ]*", "=LIBRARY");

    private static string[]? Names(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Fail(string message)
    {
        Terminal.Error.Writer.WriteLine("Quarry.Bench: " + message);
        return QuarryException.WrongInput;
    }
}
