using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Modes: what becomes of memory errors, and what reports of them say.</summary>
public sealed class ModeTests
{
    private const int Segmentation = 128 + 11, Abort = 128 + 6;
    private const string Guarded = "mode:guarded,guard_interval:1";

    private static readonly TestProgram s_program = new("errors.c");
    private static readonly string[] s_sizes = ["small", "medium", "large", "huge"];

    private static readonly string[] s_cases =
    [
        "write_behind_1", "write_behind_8", "write_behind_as_much", "read_behind_32",
        "write_before_1", "write_before_8", "write_before_as_much",
        "read_after_free", "write_after_free", "read_after_free_and_others", "write_after_free_and_others",
        "free_twice", "free_twice_around_another", "free_twice_by_threads", "free_twice_by_owner_and_thread",
        "resize_after_free", "free_inside", "free_unaligned", "free_before", "free_of_the_stack",
        "resize_inside",
    ];

    /// <summary>The case, and what the first line of the report contains.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "read_behind_32", "overflow: read at" },
        { "write_behind_as_much", "overflow: write at" },
        { "read_after_free", "use after free: read at" },
        { "write_after_free", "use after free: write at" },
    };

    /// <summary>The case, and what the first line of the report contains.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "free_twice", "double free: call with" },
        { "free_inside", "free of an address that is not a block: call with" },
        { "resize_after_free", "use after free: call with" },
        { "write_before_1", "underflow, found when the block was freed: call with" },
    };

    [Fact]
    public void The_table_of_errors_is_that_of_the_documents()
    {
        LibraryUnderTest.RequireQuarry();
        IEnumerable<string> rows = s_cases.Select(name =>
            $"| {name.Replace('_', ' ')} | {Cell(name, "mode:release")} | {Cell(name, Guarded)} |");
        string expected = string.Join('\n', ["| error | `release` | `guarded` |", "|---|---|---|", .. rows]);
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "modes.md"));
        string table = document.Split("<!-- errors:begin -->")[1].Split("<!-- errors:end -->")[0].Trim();
        Assert.True(table == expected, "docs/modes.md should have this table:\n" + expected);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_cases, "fault_elsewhere"]);

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_reported_and_ends_the_process(string name, string title)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start(name, "small", Guarded).Expect(Segmentation);
        Assert.Contains("quarry: " + title, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("quarry:   by thread ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("quarry:   allocated by thread ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(s_program.Path + "+0x", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_wrong_call_is_reported_and_ends_the_process_only_on_request(string name, string title)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start(name, "small", Guarded).ExpectSuccess();
        Assert.Contains("quarry: " + title, outcome.Errors, StringComparison.Ordinal);
        Start(name, "small", Guarded + ",foreign:abort").Expect(Abort);
    }

    [Fact]
    public void Other_faults_are_not_reported()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("fault_elsewhere", "small", Guarded).Expect(Segmentation);
        Assert.DoesNotContain("quarry", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_appended_to_a_file_as_json()
    {
        LibraryUnderTest.RequireQuarry();
        string prefix = Path.Combine(Directory.CreateTempSubdirectory("quarry-test-").FullName, "errors");
        Run run = s_program.Case("write_after_free", 60, null, null, "medium");
        Outcome outcome =
            run.With("QUARRY_CONF", Guarded).With("QUARRY_ERRORS", prefix).Start().Expect(Segmentation);
        Assert.DoesNotContain("by thread", outcome.Errors, StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(prefix)!));
        JsonElement error = JsonDocument.Parse(Assert.Single(File.ReadAllLines(file))).RootElement;
        Assert.Equal("use_after_free", error.GetProperty("error").GetString());
        Assert.Equal("write", error.GetProperty("access").GetString());
        Assert.Equal(3000, error.GetProperty("size").GetInt32());
        Assert.Equal(
            error.GetProperty("block").GetInt64() + 16, error.GetProperty("address").GetInt64());
        Assert.Equal(
            ["by", "freed by", "allocated by"],
            error.GetProperty("stacks").EnumerateArray().Select(s => s.GetProperty("what").GetString()));
        Assert.All(
            error.GetProperty("stacks").EnumerateArray(),
            stack => Assert.Contains(
                stack.GetProperty("frames").EnumerateArray(),
                frame => frame.TryGetProperty("module", out JsonElement module)
                    && module.GetString() == s_program.Path));
        Directory.Delete(Path.GetDirectoryName(prefix)!, recursive: true);
    }

    [Theory]
    [InlineData("mode:fast", "expected release or guarded")]
    [InlineData("guard_interval:0", "expected a number of allocations")]
    [InlineData("guard_blocks:x", "expected a number of blocks")]
    public void A_wrong_option_is_reported(string option, string message)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("free_of_the_stack", "small", option).ExpectSuccess();
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }

    private static string Cell(string name, string options)
    {
        IEnumerable<IGrouping<string, string>> results = s_sizes.GroupBy(size => Result(name, size, options));
        string[] parts = [.. results.Select(group => $"{group.Key}: {string.Join(", ", group)}")];
        return parts.Length == 1 ? parts[0].Split(':')[0] : string.Join("; ", parts);
    }

    private static string Result(string name, string size, string options)
    {
        Outcome outcome = Start(name, size, options);
        bool reported = outcome.Errors.Contains("quarry: ", StringComparison.Ordinal);
        return outcome.ExitCode != 0 ? "stopped" : reported ? "reported" : "missed";
    }

    private static Outcome Start(string name, string size, string options) =>
        s_program.Case(name, 60, null, null, size).With("QUARRY_CONF", options).Start();
}
