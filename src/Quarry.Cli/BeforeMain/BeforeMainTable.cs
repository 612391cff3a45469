using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;

namespace Quarry.Cli.BeforeMain;

/// <summary>The outcome as tables on the terminal.</summary>
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
                $"Bytes are those asked for. ~ differs between runs: the median of {report.Runs}.\n"),
                Color.Grey));
        }

        foreach (LeftOut leftOut in report.LeftOut)
        {
            Color color = leftOut.Failed ? Color.Red : Color.Yellow;
            console.Write(new Text($"{leftOut.Title} is left out: {leftOut.Reason}\n", color));
        }
    }

    private static void WriteBeforeMain(IAnsiConsole console, BeforeMainReport report)
    {
        Table table = Create("Before main", "bytes", "blocks", "in use", "blocks");
        foreach (LanguageResult language in report.Languages)
        {
            Quantities before = language.BeforeMain;
            bool managed = before.ManagedBytes is not null;
            AddRow(table, managed ? language.Title + ", native" : language.Title,
                before.Bytes, before.Blocks, before.BytesInUse, before.BlocksInUse);
            if (managed)
            {
                // Nothing has been collected: what was made is in use.
                Quantity?[] made = [before.ManagedBytes, language.ManagedObjects];
                AddRow(table, language.Title + ", managed", [.. made, .. made]);
            }
        }

        console.Write(table);
    }

    private static void WriteConstructs(IAnsiConsole console, LanguageResult language)
    {
        bool managed = language.BeforeMain.ManagedBytes is not null;
        Table table = managed
            ? Create(language.Title, "managed", "again", "native", "in use", "again")
            : Create(language.Title, "bytes", "blocks", "in use", "again");
        foreach ((string code, Quantities first, Quantities again) in language.Constructs)
        {
            AddRow(table, code, managed
                ? [first.ManagedBytes, again.ManagedBytes, first.Bytes, first.BytesInUse, again.Bytes]
                : [first.Bytes, first.Blocks, first.BytesInUse, again.Bytes]);
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

    private static void AddRow(Table table, string name, params IEnumerable<Quantity?> figures)
    {
        table.AddRow([new Text(name), .. figures.Select(f => new Text(Cell(f)))]);
    }

    private static string Cell(Quantity? quantity) => quantity is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{(quantity.Varies ? "~" : "")}{quantity.Median:#,0}");
}
