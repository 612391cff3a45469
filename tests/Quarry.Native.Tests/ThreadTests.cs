using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Many threads on one heap, and threads that end in the worst way.</summary>
public sealed class ThreadTests : ProgramTests<ThreadTests>, ICases
{
    static string ICases.Program => "threads.c";

    static string[] ICases.EveryMalloc =>
    [
        "contents_under_stress",
        "contents_with_threads_coming_and_going",
        "producer_and_consumer",
        "realloc_of_other_threads_blocks",
        "thousands_of_short_threads",
        "detached_threads",
        "many_threads_at_once",
        "blocks_freed_after_their_owner_ended",
        "key_destructors_allocate_and_free",
        "key_destructors_beyond_the_first_block_of_keys",
        "no_key_left",
        "smallest_stack",
        "threads_cancelled_at_cancellation_points",
        "exit_while_threads_work",
        "exit_from_a_thread",
        "main_thread_ends_first",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "killed_threads",
        "threads_that_jump_out",
    ];

    /// <summary>Regions that hold 63 slices are added, and used up, all the time.</summary>
    [Theory]
    [InlineData("contents_with_threads_coming_and_going")]
    [InlineData("killed_threads")]
    public void In_small_regions(string name)
    {
        LibraryUnderTest.RequireQuarry();
        Program.Case(name).With("QUARRY_CONF", "reserve:4M,decay_ms:0").Start().ExpectSuccess();
    }
}
