using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Address space that the heap reserves, beside limits and locked memory.</summary>
public sealed class ReservationTests : ProgramTests<ReservationTests>, ICases
{
    // The usual way in which a Python job limits itself.
    private const string Script = """
        import mmap, resource, threading
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, resource.RLIM_INFINITY))
        thread = threading.Thread(target=print, args=('thread ran',))
        thread.start()
        thread.join()
        mmap.mmap(-1, 1 << 20)
        import sqlite3
        """;

    static string ICases.Program => "reservation.c";

    static string[] ICases.EveryMalloc =>
    [
        "limit_set_at_run_time_leaves_room_for_threads",
        "limit_set_at_run_time_leaves_room_for_mappings",
        "limit_set_by_several_threads_leaves_room",
        "limit_set_at_run_time_holds_for_small_blocks",
        "limit_set_at_run_time_holds_for_large_blocks",
        "limit_set_at_run_time_holds_for_huge_blocks",
        "limit_set_at_run_time_holds_for_threads",
        "limit_that_is_lifted_again_holds_no_longer",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "locked_program_stays_small",
        "program_locked_before_its_first_allocation_stays_small",
        "locked_aligned_blocks_stay_small",
        "memory_is_locked_without_privilege",
    ];

    [Fact]
    public void Python_limits_itself()
    {
        Outcome outcome = new Run(Tool.Require("python3"), "-c", Script)
        {
            Preload = LibraryUnderTest.Preload,
        }.Start().ExpectSuccess();
        Assert.Equal("thread ran\n", outcome.Output);
    }
}
