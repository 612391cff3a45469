using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Quarry.Cli.Statistics;
using Quarry.Tools.Running;
using Spectre.Console;
using Xunit;

namespace Quarry.Cli.Tests;

public sealed class StatisticsTests
{
    private const string Sample =
        """
        {"version":2,"pid":123,"parent":45,"program":"/usr/bin/[ls]","final":true,
         "resident_bytes":131072,"peak_resident_bytes":262144,
         "heap":{"requested_bytes":3145728,"allocations":1234567,"in_use_bytes":65536,"in_use_blocks":567,
                 "peak_bytes":1572864,"committed_bytes":4194304,"mapped_bytes":67108864,"threads":1,
                 "large_allocations":4,"large_in_use_blocks":1,"large_in_use_bytes":2097152,
                 "added_later_bytes":7340032,"also_added":12345},
         "classes":[{"size":16,"allocations":1000,"in_use":5,"pages":1},
                    {"size":1024,"allocations":3000,"in_use":7,"pages":2}]}
        """;

    [Fact]
    public void A_record_is_read_in_full()
    {
        ProcessStatistics? read = StatisticsFolder.Parse(Encoding.UTF8.GetBytes(Sample));
        Assert.NotNull(read);
        Assert.Equal((123, 45, "/usr/bin/[ls]", true), (read.Pid, read.Parent, read.Program, read.Final));
        Assert.Equal((131072, 262144), (read.ResidentBytes, read.PeakResidentBytes));
        Assert.Equal(13, read.Heap.Count);
        Assert.Equal((3145728, 1234567), (read["requested_bytes"], read["allocations"]));
        Assert.Equal((7340032, 0), (read["added_later_bytes"], read["unknown"]));
        Assert.Equal([new(16, 1000, 5, 1), new(1024, 3000, 7, 2)], read.Classes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":2,\"pid\":12")]
    [InlineData("{\"version\":1,\"pid\":12}")]
    [InlineData("null")]
    public void An_incomplete_or_foreign_record_is_none(string json)
    {
        Assert.Null(StatisticsFolder.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void The_table_shows_the_record()
    {
        string table = Table(Report(Parse()), withChildren: false);
        foreach (string expected in new[]
        {
            "/usr/bin/[ls] (123)", "3.00 MiB", "1,234,567 allocations", "1.50 MiB", "64.0 KiB", "567 blocks",
            "4.00 MiB", "of 64.0 MiB of address space", "128 KiB", "50 % of it in use, peak 256 KiB",
            "2.00 MiB", "4 allocations",
            "1.00 KiB", "2.93 MiB", "added later", "7.00 MiB", "also added", "12,345",
            "user 500 ms", "exit code 3", "████",
        })
        {
            Assert.Contains(expected, table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_record_that_is_not_final_is_marked()
    {
        string table = Table(Report(Parse() with { Final = false }), withChildren: false);
        Assert.Contains("Not final", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Children_get_a_section_each_and_a_total()
    {
        RunReport report = Report(Parse(), Parse() with { Pid = 124, Program = "/bin/child" });
        string table = Table(report, withChildren: true);
        Assert.Contains("/bin/child (124)", table, StringComparison.Ordinal);
        Assert.Contains("Total of 2 processes", table, StringComparison.Ordinal);
        Assert.Contains("6.00 MiB", table, StringComparison.Ordinal);
        Assert.Contains("1,134 blocks", table, StringComparison.Ordinal);

        string alone = Table(report, withChildren: false);
        Assert.DoesNotContain("/bin/child", alone, StringComparison.Ordinal);
        Assert.Contains("1 child process used", alone, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_why_a_static_program_has_no_statistics()
    {
        using TemporaryFolder folder = new();
        string program = Installed.CompileC(folder.FullName, "int main(void) { return 0; }", "-static");
        Assert.Contains("statically linked", MissingStatistics.Explain(program, new ProcessEnd(0)),
            StringComparison.Ordinal);

        string script = folder.File("script");
        File.WriteAllText(script, $"#! {program} -x\n");
        Assert.Contains("statically linked", MissingStatistics.Explain(script, new ProcessEnd(0)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_lists_the_program_first_and_is_deleted()
    {
        string name;
        using (StatisticsFolder folder = new())
        {
            name = folder.FullName;
            foreach (int id in new[] { 5, 7, 6 })
            {
                File.WriteAllText($"{name}/process.{id}", $"{{\"version\":2,\"pid\":{id}}}");
            }

            File.WriteAllText($"{name}/process.8", "{");
            File.WriteAllText($"{name}/process.9~~", "{\"version\":2,\"pid\":9}");
            Assert.Equal([6, 5, 7], folder.Read(first: 6).ConvertAll(s => s.Pid));
        }

        Assert.False(Directory.Exists(name));
    }

    private static ProcessStatistics Parse() => StatisticsFolder.Parse(Encoding.UTF8.GetBytes(Sample))!;

    private static RunReport Report(params IReadOnlyList<ProcessStatistics> processes) => new()
    {
        Command = ["ls", "-l"],
        Path = "/usr/bin/ls",
        Allocator = "quarry",
        Library = "/lib/libquarry.so",
        Pid = 123,
        ExitCode = 3,
        Signal = null,
        WallSeconds = 2,
        UserSeconds = 0.5,
        SystemSeconds = 0.25,
        PeakResident = 50 << 20,
        LeastPeakResident = 40 << 20,
        MissingReason = null,
        Processes = processes,
    };

    private static string Table(RunReport report, bool withChildren)
    {
        StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 100;
        new StatisticsView(console).Write(report, withChildren);
        return writer.ToString();
    }
}
