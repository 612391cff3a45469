using System;
using System.Collections.Generic;
using System.Globalization;
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
        "resize_after_free", "free_inside", "free_unaligned", "free_before",
        "resize_inside",
        "write_behind_zero", "write_after_free_at_start", "write_after_free_at_end",
        "write_after_free_by_thread", "free_twice_after_others", "free_twice_in_turn",
        "free_after_resize_to_nothing", "free_in_the_middle", "free_behind",
        "sized_free_too_small", "sized_free_too_large", "sized_delete_too_large",
        "sized_free_with_flags_too_small", "aligned_free_of_too_much_alignment",
        "reuse_at_once", "reuse_among_the_next_three", "distance_of_blocks", "old_contents_at_reuse",
    ];

    // Those in which the size of the block has no part; they are run, and counted, once.
    private static readonly string[] s_casesWithoutSize =
    [
        "free_of_the_stack", "free_of_a_global", "free_of_a_mapping", "free_of_nothing_mapped",
        "resize_of_the_stack",
    ];

    private static readonly string[] s_modes = ["mode:release", Guarded, "mode:checked", "mode:hardened"];

    /// <summary>The case, and what the first line of the report contains.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "read_behind_32", "overflow: read at" },
        { "write_behind_as_much", "overflow: write at" },
        { "read_after_free", "use after free: read at" },
        { "write_after_free", "use after free: write at" },
    };

    /// <summary>The case, and what the first line of the report contains.</summary>
    public static TheoryData<string, string> CheckedCalls => new()
    {
        { "write_behind_1", "overflow, found when the block was freed: call with" },
        { "write_before_8", "underflow, found when the block was freed: call with" },
        { "free_twice", "double free: call with" },
        { "free_inside", "free of an address that is not a block: call with" },
        { "resize_after_free", "use after free: call with" },
        { "write_after_free", "write after free, found later: write at" },
        { "sized_delete_too_large", "free with a wrong size: call with" },
        { "aligned_free_of_too_much_alignment", "free with a wrong alignment: call with" },
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
        List<string[]> results = [.. s_modes.Select(_ => Array.Empty<string>())];
        List<string> rows = [];
        foreach (string name in s_cases.Concat(s_casesWithoutSize))
        {
            string[] sizes = s_casesWithoutSize.Contains(name) ? ["small"] : s_sizes;
            string[][] cells = [.. s_modes.Select(mode => Results(name, sizes, mode))];
            results = [.. results.Zip(cells, (all, cell) => (string[])[.. all, .. cell])];
            rows.Add($"| {name.Replace('_', ' ')} | {string.Join(" | ", cells.Select(Cell))} |");
        }

        double[] found = [.. results.Select(all => 100.0 * all.Count(r => r != "missed") / all.Length)];
        rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| **of {results[0].Length}, found** | {string.Join(" | ", found.Select(f => $"{f:F0} %"))} |"));
        const string Head = "| error | `release` | `guarded` | `checked` | `hardened` |\n"
            + "|---|---|---|---|---|";
        string expected = string.Join('\n', [Head, .. rows]);
        Assert.True(results[0].Length >= 120, "fewer than 120 programs");
        Assert.True(found[2] >= 90, $"checked finds {found[2]} %");
        Assert.True(found[3] >= 95, $"hardened finds {found[3]} %");
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "modes.md"));
        string table = document.Split("<!-- errors:begin -->")[1].Split("<!-- errors:end -->")[0].Trim();
        Assert.True(table == expected, "docs/modes.md should have this table:\n" + expected);
    }

    [Fact]
    public void Every_case_is_named() =>
        s_program.HasExactly(
            [.. s_cases, .. s_casesWithoutSize, "fault_elsewhere", "free_twice_without_caller"]);

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

    [Theory]
    [MemberData(nameof(CheckedCalls))]
    public void A_checked_block_is_reported_with_its_stacks(string name, string title)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start(name, "small", "mode:checked").ExpectSuccess();
        Assert.Contains("quarry: " + title, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("quarry:   allocated by thread ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(s_program.Path + "+0x", outcome.Errors, StringComparison.Ordinal);
        Start(name, "small", "mode:checked,foreign:abort").Expect(Abort);
    }

    [Theory]
    [MemberData(nameof(CheckedCalls))]
    public void A_hardened_process_ends_with_a_message(string name, string title)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start(name, "medium", "mode:hardened");
        if (name.StartsWith("write_before", StringComparison.Ordinal) && outcome.ExitCode == Segmentation)
        {
            // By chance, the block was the first of its slab, which lies behind inaccessible memory.
            return;
        }

        outcome = outcome.Expect(Abort);
        Assert.Contains("quarry: " + title, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_large_block_is_explained_by_the_modes_that_give_it_a_mapping()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("read_after_free", "large", "mode:checked").Expect(Segmentation);
        Assert.Contains("quarry: use after free: read at", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("quarry:   freed by thread ", outcome.Errors, StringComparison.Ordinal);
        Start("read_behind_32", "huge", "mode:hardened").Expect(Segmentation);
    }

    [Fact]
    public void Blocks_that_are_not_freed_are_reported_on_request()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("free_of_the_stack", "medium", "mode:checked,leaks:report").ExpectSuccess();
        Assert.Contains("quarry: leak: 21000 bytes in 7 blocks", outcome.Errors, StringComparison.Ordinal);
        outcome = Start("free_of_the_stack", "medium", "mode:checked").ExpectSuccess();
        Assert.DoesNotContain("leak", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_faults_are_not_reported()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("fault_elsewhere", "small", Guarded).Expect(Segmentation);
        Assert.DoesNotContain("quarry", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Guarded)]
    [InlineData("mode:checked")]
    public void A_stack_without_frames_is_said_to_be_unknown(string mode)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome =
            Start("free_twice_without_caller", "small", mode + ",foreign:abort").Expect(Abort);
        Assert.Matches(
            @"quarry: double free: .*\nquarry:   by thread \d+, at an unknown stack\nquarry:   freed by",
            outcome.Errors);
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
    [InlineData("mode:fast", "expected release, guarded, checked or hardened")]
    [InlineData("leaks:all", "expected ignore or report")]
    [InlineData("guard_interval:0", "expected a number of allocations")]
    [InlineData("guard_blocks:x", "expected a number of blocks")]
    public void A_wrong_option_is_reported(string option, string message)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Start("free_of_the_stack", "small", option).ExpectSuccess();
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }

    private static string Cell(string[] results)
    {
        IEnumerable<IGrouping<string, string>> groups =
            results.Zip(s_sizes).GroupBy(pair => pair.First, pair => pair.Second);
        string[] parts = [.. groups.Select(group => $"{group.Key}: {string.Join(", ", group)}")];
        return parts.Length == 1 ? parts[0].Split(':')[0] : string.Join("; ", parts);
    }

    private static string[] Results(string name, string[] sizes, string options) =>
        [.. sizes.AsParallel().AsOrdered().Select(size => Result(name, size, options))];

    private static string Result(string name, string size, string options)
    {
        Outcome outcome = Start(name, size, options);
        bool reported = outcome.Errors.Contains("quarry: ", StringComparison.Ordinal);
        return outcome.ExitCode != 0 ? "stopped" : reported ? "reported" : "missed";
    }

    private static Outcome Start(string name, string size, string options) =>
        s_program.Case(name, 60, null, null, size).With("QUARRY_CONF", options).Start();
}
