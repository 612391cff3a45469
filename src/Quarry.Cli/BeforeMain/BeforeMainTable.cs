using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;

namespace Quarry.Cli.BeforeMain;

/// <summary>Writes a report as tables for the terminal.</summary>
internal static class BeforeMainTable
{
    internal static void Write(IAnsiConsole console, BeforeMainReport report)
    {
        console.Write(new Text(report.Machine + "\n", Color.Grey));
        if (report.Languages.Count > 0)
        {
            WriteBeforeMain(console, report);
        }

        foreach (LanguageResult language in report.Languages)
        {
            WriteConstructs(console, language);
        }

        if (report.Languages.Count > 0)
        {
            console.Write(new Text(string.Create(CultureInfo.InvariantCulture,
                $"Bytes are as requested. ~ marks medians of {report.Runs} runs that differ.\n"),
                Color.Grey));
        }

        foreach (SkippedLanguage skipped in report.Skipped)
        {
            Color color = skipped.Failed ? Color.Red : Color.Yellow;
            console.Write(new Text($"{skipped.Title} was skipped: {skipped.Reason}\n", color));
        }
    }

    private static void WriteBeforeMain(IAnsiConsole console, BeforeMainReport report)
    {
        Table table = Create("Before main", "bytes", "blocks", "bytes in use", "blocks in use");
        foreach (LanguageResult language in report.Languages)
        {
            Quantities before = language.BeforeMain;
            bool managed = before.ManagedBytes is not null;
            AddRow(table, managed ? language.Title + ", native" : language.Title,
                before.Bytes, before.Blocks, before.BytesInUse, before.BlocksInUse);
            if (managed)
            {
                // Nothing has been collected, so everything allocated is in use.
                Quantity?[] allocated = [before.ManagedBytes, language.ManagedObjects];
                AddRow(table, language.Title + ", managed", [.. allocated, .. allocated]);
            }
        }

        console.Write(table);
    }

    private static void WriteConstructs(IAnsiConsole console, LanguageResult language)
    {
        bool managed = language.BeforeMain.ManagedBytes is not null;
        Table table = managed
            ? Create(language.Title, "managed", "2nd use", "native", "in use", "2nd use")
            : Create(language.Title, "bytes", "blocks", "in use", "2nd use");
        foreach ((string code, Quantities first, Quantities second) in language.Constructs)
        {
            AddRow(table, code, managed
                ? [first.ManagedBytes, second.ManagedBytes, first.Bytes, first.BytesInUse, second.Bytes]
                : [first.Bytes, first.Blocks, first.BytesInUse, second.Bytes]);
        }

        console.Write(table);
        console.Write(new Text(language.Tool + "\n\n", Color.Grey));
    }

    private static Table Create(string title, params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))));
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap().RightAligned());
        }

        return table;
    }

    private static void AddRow(Table table, string name, params IEnumerable<Quantity?> quantities)
    {
        table.AddRow([new Text(name), .. quantities.Select(q => new Text(Cell(q)))]);
    }

    private static string Cell(Quantity? quantity) => quantity is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{(quantity.Varies ? "~" : "")}{quantity.Median:#,0}");
}
