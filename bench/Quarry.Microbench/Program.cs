using System;
using System.CommandLine;
using System.IO;
using System.Reflection;
using BenchmarkDotNet.Running;
using Quarry.Microbench.Reporting;
using Quarry.Tools.Output;

namespace Quarry.Microbench;

/// <summary>
/// Runs benchmarks once, with all that BenchmarkDotNet offers, or in rounds, for the document.
/// </summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        Option<FileInfo> output = new("--output") { Description = "The document to write the ratios into." };
        Option<int> rounds = new("--rounds")
        {
            Description = "How often each benchmark runs, all in turn (3).",
            DefaultValueFactory = _ => 3,
        };
        Option<string[]> filter = new("--filter")
        {
            Description = "Which: patterns such as *List*.",
            DefaultValueFactory = _ => ["*"],
            AllowMultipleArgumentsPerToken = true,
        };
        Command report = new("report", "Runs in rounds and tells the ratios.") { output, rounds, filter };
        report.SetAction(parsed => Write(
            Rounds.Run(parsed.GetValue(filter)!, parsed.GetValue(rounds)).ToMarkdown(Repeat(words)),
            parsed.GetValue(output),
            section: "library"));

        Command peers = new("peers", "Compares with what users would take otherwise.") { output };
        peers.SetAction(parsed => Write(
            Rounds.Run(Peers.Patterns, rounds: 1).ToMarkdown(Repeat(words), marksBehind: true),
            parsed.GetValue(output),
            section: "peers"));

        Command once = new("run", "Hands everything behind it to BenchmarkDotNet.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        once.SetAction(parsed =>
        {
            _ = BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly())
                .Run([.. parsed.UnmatchedTokens], Configurations.Thorough);
        });
        RootCommand root = new("Compares the library with what .NET has.") { report, peers, once };
        return root.Parse(words).Invoke();
    }

    private static string Repeat(string[] words) =>
        $"dotnet run -c Release --project bench/Quarry.Microbench -- {string.Join(' ', words)}";

    private static void Write(string text, FileInfo? document, string section)
    {
        if (document is null)
        {
            Console.WriteLine(text);
        }
        else
        {
            MarkedSection.Replace(document.FullName, section, text);
        }
    }
}
