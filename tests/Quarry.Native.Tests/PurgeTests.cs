using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Freed memory that returns to the system, or serves another thread than its owner.</summary>
public sealed class PurgeTests
{
    private static readonly TestProgram s_program = new("purge.c");

    private static readonly string[] s_decays =
    [
        "large_blocks_decay_under_small_pairs",
        "small_blocks_decay_under_rare_pairs",
        "small_blocks_decay_under_small_pairs",
        "large_blocks_decay_under_realloc",
        "medium_blocks_decay_under_calloc",
        "memory_between_small_blocks_decays",
        "memory_between_medium_blocks_decays",
        "memory_between_blocks_of_an_ended_thread_decays",
        "memory_between_blocks_returns_on_trim",
        "blocks_of_an_ended_thread_decay",
        "blocks_that_sleeping_threads_freed_decay",
    ];

    private static readonly string[] s_sleepingOwners =
    [
        "memory_freed_for_sleeping_owners_returns_on_trim",
        "memory_freed_for_sleeping_owners_serves_other_threads",
        "data_limit_leaves_what_its_owner_freed",
        "data_limit_leaves_what_was_freed_for_a_sleeping_owner",
        "data_limit_leaves_what_was_freed_to_a_new_thread",
        "data_limit_leaves_what_was_freed_for_other_sizes",
        "data_limit_leaves_what_was_freed_for_large_blocks",
        "data_limit_set_at_run_time_leaves_what_was_freed",
    ];

    public static TheoryData<string> Decays => new(s_decays);

    public static TheoryData<string> SleepingOwners => new(s_sleepingOwners);

    [Theory]
    [MemberData(nameof(Decays))]
    public void Freed_memory_decays(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(name).With("QUARRY_CONF", "decay_ms:100").Start().ExpectSuccess();
    }

    [Theory]
    [MemberData(nameof(SleepingOwners))]
    public void Freed_memory_is_not_lost_with_a_sleeping_owner(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_decays, .. s_sleepingOwners]);
}
