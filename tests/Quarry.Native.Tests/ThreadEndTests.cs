using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Threads that end, in order or in the worst way, and what they leave behind.</summary>
public sealed class ThreadEndTests : ProgramTests<ThreadEndTests>, ICases
{
    static string ICases.Program => "thread_ends.c";

    static string[] ICases.EveryMalloc =>
    [
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
        "threads_that_first_free_with_a_size",
        "detached_threads_free_after_their_end",
    ];

    /// <summary>Regions that hold 63 slices are added, and used up, all the time.</summary>
    [Fact]
    public void In_small_regions()
    {
        LibraryUnderTest.RequireQuarry();
        Program.Case("killed_threads").With("QUARRY_CONF", "reserve:4M,decay_ms:0").Start().ExpectSuccess();
    }
}
