using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Quarry.Cli.BeforeMain;
using Quarry.Tools;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;

namespace Quarry.Cli.Commands;

/// <summary>Measures what languages allocate before main and per construct, on this machine.</summary>
internal static class BeforeMainCommand
{
    private static readonly Option<string> s_languages =
        Options.Text("--language", "A,B,...", $"The languages to measure: {Names} (all).");

    private static readonly Option<int> s_runs =
        Options.Number("--runs", 5, 1, "The number of runs of each program; shows medians (5).");

    private static readonly Option<bool> s_json =
        Options.Switch("--json", "Print JSON instead of tables.");

    private static string Names => string.Join(", ", Language.All.Select(l => l.Name));

    internal static Command Create()
    {
        Command command = new("before-main", "Shows what languages allocate before main and per construct.")
        {
            s_languages,
            s_runs,
            s_json,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        IReadOnlyList<Language> languages = Languages(parsed.GetValue(s_languages));
        BeforeMainReport report = Measure(languages, parsed.GetValue(s_runs));
        if (parsed.GetValue(s_json))
        {
            Terminal.Output.Writer.Write(BeforeMainJson.Write(report));
        }
        else
        {
            BeforeMainTable.Write(Terminal.Output.CreateConsole(), report);
        }

        return report.Skipped.Any(language => language.Failed) ? 1 : 0;
    }

    private static BeforeMainReport Measure(IReadOnlyList<Language> languages, int runs)
    {
        using ProbeRunner runner = new(Interruption.Listen());
        Survey survey = new(runner, runs);
        BenchmarkProgress.Show(Terminal.Error.CreateConsole(), languages.Count, step =>
        {
            foreach (Language language in languages)
            {
                step(language.Title);
                survey.Add(language);
            }

            return survey;
        });
        return new BeforeMainReport(Machine.Describe(), runs, survey.Measured, survey.Skipped);
    }

    private static IReadOnlyList<Language> Languages(string? names)
    {
        if (names is null)
        {
            return Language.All;
        }

        List<Language> named =
        [
            .. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(Named).Distinct(),
        ];
        return named.Count > 0 ? named : throw new QuarryException("--language names none");
    }

    private static Language Named(string name) =>
        Language.All.FirstOrDefault(l => l.Name == name) ?? throw new QuarryException(
            $"--language knows {Names}, not '{name}'");
}
