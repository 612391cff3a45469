using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's functions: flags, controls, and counters of threads.</summary>
public sealed class JemallocTests : ProgramTests<JemallocTests>, ICases
{
    static string ICases.Program => "jemalloc.c";

    // Those of any jemalloc; skipped by a malloc without its functions.
    static string[] ICases.EveryMalloc =>
    [
        "zeroed_blocks_are_zero_to_their_last_byte",
        "detected_as_jemalloc",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "nallocx_is_the_size_of_a_block",
        "rallocx_has_the_size_of_a_new_block",
        "xallocx_never_moves",
        "invalid_arguments_do_no_harm",
        "explicit_caches_have_ids",
        "errors_are_those_of_jemalloc",
        "names_and_numbers_agree",
        "random_requests",
        "counters_move_with_each_call",
        "blocks_of_other_threads_are_counted",
        "thread_cache_is_flushed",
        "thread_cache_is_switched",
        "peak_of_a_thread",
    ];

    static string[] ICases.Others => ["destroyed_cache_aborts"];

    [Fact]
    public void A_destroyed_cache_ends_the_program_with_jemallocs_message()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Program.Case("destroyed_cache_aborts").Start();
        Assert.Contains("<jemalloc>: invalid tcache id (0).", outcome.Errors);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.DoesNotContain("reached", outcome.Errors);
    }
}
