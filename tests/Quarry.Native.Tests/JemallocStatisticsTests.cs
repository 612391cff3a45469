using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's statistics, by name and as reports.</summary>
public sealed class JemallocStatisticsTests : ProgramTests<JemallocStatisticsTests>, ICases
{
    static string ICases.Program => "jemalloc_stats.c";

    // Those of any jemalloc; skipped by a malloc without its functions.
    static string[] ICases.EveryMalloc =>
    [
        "lookup_finds_the_arena_of_a_block",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "statistics_change_with_the_epoch_only",
        "sums_of_statistics_agree",
        "large_blocks_are_counted_by_class",
        "purge_gives_memory_back",
        "properties_of_the_build_and_options",
        "report_as_json",
        "report_as_text",
    ];

    static string[] ICases.Others => ["report_on_standard_error"];

    [Fact]
    public void The_report_is_written_to_standard_error_by_default()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Program.Case("report_on_standard_error").Start().ExpectSuccess();
        Assert.StartsWith("___ Begin jemalloc statistics ___\nAllocated: ", outcome.Errors);
        Assert.EndsWith("--- End jemalloc statistics ---\n", outcome.Errors);
    }
}
