using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The statistics files of programs that make it hard to write them.</summary>
public sealed class RecordTests
{
    private static readonly TestProgram s_program = new("api_record.c");

    private static readonly string[] s_cases =
    [
        "title_is_set",
        "folder_is_changed",
        "exit_handlers_are_skipped",
        "threads_grow_at_once",
        "thread_grows_while_the_process_exits",
        "vfork_child_grows",
        "vfork_child_runs_exit_handlers",
        "child_is_killed",
        "disk_is_full",
        "statistics_of_many_classes",
        "privileged",
        "privileged_by_another_user",
    ];

    [Theory]
    [InlineData("title_is_set", true)]
    [InlineData("exit_handlers_are_skipped", false)]
    [InlineData("vfork_child_grows", true)]
    [InlineData("vfork_child_runs_exit_handlers", false)]
    [InlineData("disk_is_full", false)]
    [InlineData("statistics_of_many_classes", true)]
    public void Is_the_only_file_and_complete(string name, bool final)
    {
        using JsonDocument record = Record(name);
        Assert.Equal(final, record.RootElement.GetProperty("final").GetBoolean());
        Assert.True(record.RootElement.GetProperty("heap").GetProperty("allocations").GetInt64() > 0);
        Assert.True(record.RootElement.GetProperty("resident_bytes").GetInt64() > 0);
        Assert.EndsWith("api_record", record.RootElement.GetProperty("program").GetString());
    }

    [Fact]
    public void Is_intact_when_many_threads_write()
    {
        LibraryUnderTest.RequireQuarry();
        for (int round = 0; round < 20; round++)
        {
            using JsonDocument record = Record("threads_grow_at_once");
            Assert.False(record.RootElement.GetProperty("final").GetBoolean());
        }
    }

    [Fact]
    public void Final_record_is_not_replaced_by_a_late_one()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("late");
        Run run = Strace.Trace("-o", "/dev/null", "-e", "trace=rename,exit_group",
            "-e", "inject=rename:delay_enter=900000:when=1", "-e", "inject=exit_group:delay_enter=1500000",
            "-E", $"QUARRY_STATS={folder}/record", s_program.Path, "thread_grows_while_the_process_exits");
        run.Start().ExpectSuccess();
        using JsonDocument record = TheOnlyRecord(folder);
        Assert.True(record.RootElement.GetProperty("final").GetBoolean());
    }

    [Fact]
    public void Relative_path_is_that_of_the_start()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("relative");
        Run run = new(s_program.Path, "folder_is_changed")
        {
            Preload = LibraryUnderTest.Preload,
            Folder = folder,
        };
        run.With("QUARRY_STATS", "record").Start().ExpectSuccess();
        using JsonDocument record = TheOnlyRecord(folder);
        Assert.True(record.RootElement.GetProperty("final").GetBoolean());
    }

    [Fact]
    public void Child_has_one_of_its_own()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("child");
        Outcome outcome = Start("child_is_killed", folder);
        string child = outcome.Output.Trim();
        string[] names = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetExtension(file)[1..])];
        Assert.Equal(2, names.Length);
        Assert.Contains(child, names);
        foreach (string name in names)
        {
            using JsonDocument record = JsonDocument.Parse(File.ReadAllText($"{folder}/record.{name}"));
            int pid = record.RootElement.GetProperty("pid").GetInt32();
            Assert.Equal(name, pid.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(name != child, record.RootElement.GetProperty("final").GetBoolean());
        }
    }

    [Fact]
    public void Program_path_that_is_no_text_is_quoted()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("name"), records = Folder("name-records");
        // A quotation mark, a line feed, and a byte that is not UTF-8: only a shell can pass it.
        const string command =
            "cp \"$0\" \"$1/$(printf 'a\"b\\nc\\377')\" && \"$1\"/a* exit_handlers_are_skipped";
        Run run = new("sh", "-c", command, s_program.Path, folder)
        {
            Preload = LibraryUnderTest.Preload,
        };
        run.With("QUARRY_STATS", $"{records}/record").Start().ExpectSuccess();
        string[] programs = [.. Directory.EnumerateFiles(records)
            .Select(file => JsonDocument.Parse(File.ReadAllText(file)))
            .Select(record => record.RootElement.GetProperty("program").GetString()!)];
        Assert.Contains($"{folder}/a\"b\nc\ufffd", programs);
    }

    [Theory]
    [InlineData("/nonexistent/record")]
    [InlineData("/proc/record")]
    public void Path_that_cannot_be_written_is_reported_once(string prefix)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = s_program.Case("title_is_set").With("QUARRY_STATS", prefix).Start().ExpectSuccess();
        string line = Assert.Single(outcome.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith($"quarry: QUARRY_STATS: cannot write the file '{prefix}.", line);
    }

    [Theory]
    [InlineData(3000, true)]
    [InlineData(4090, false)]
    [InlineData(8000, false)]
    public void Long_path_is_used_or_reported(int length, bool possible)
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("long");
        string padding = string.Concat(Enumerable.Repeat("/.", length / 2));
        Outcome outcome = s_program.Case("exit_handlers_are_skipped")
            .With("QUARRY_STATS", $"{folder}{padding}/record").Start().ExpectSuccess();
        Assert.Equal(possible ? 1 : 0, Directory.EnumerateFiles(folder).Count());
        Assert.Equal(possible ? 0 : 1, outcome.Errors.Split("quarry: QUARRY_STATS: the path").Length - 1);
    }

    /// <summary>The caller of a privileged program sets neither its files nor its options.</summary>
    [Theory]
    [InlineData("static")]
    [InlineData("linked")]
    public void Variables_are_ignored_in_privileged_programs(string way)
    {
        LibraryUnderTest.RequireQuarry();
        string folder = LibraryUnderTest.Folder;
        string program = way == "static"
            ? Compiler.Build("api_record.c", "api_record-static", "gcc", "-DCHECK_STATIC", "-static",
                Path.Combine(folder, "libquarry.a"))
            : Compiler.Build("api_record.c", "api_record-linked", "gcc", $"-L{folder}",
                $"-Wl,-rpath,{folder}", "-lquarry");
        new Run(program, "privileged_by_another_user").Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);

    /// <summary>Runs a case, which must leave one file, and reads it.</summary>
    internal static JsonDocument Record(string name)
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder(name);
        Start(name, folder);
        return TheOnlyRecord(folder);
    }

    private static string Folder(string name) => Repository.FreshFolder($"record-{name}-{Guid.NewGuid():N}");

    private static Outcome Start(string name, string folder) =>
        s_program.Case(name).With("QUARRY_STATS", $"{folder}/record").Start().ExpectSuccess();

    private static JsonDocument TheOnlyRecord(string folder)
    {
        string file = Assert.Single(Directory.GetFiles(folder));
        JsonDocument record = JsonDocument.Parse(File.ReadAllText(file));
        int pid = record.RootElement.GetProperty("pid").GetInt32();
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"record.{pid}"), Path.GetFileName(file));
        return record;
    }
}
