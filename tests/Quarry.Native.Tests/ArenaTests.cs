using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's arenas and explicit caches.</summary>
public sealed class ArenaTests : ProgramTests<ArenaTests>, ICases
{
    static string ICases.Program => "arenas.c";

    static string[] ICases.EveryMalloc => ["an_arena_serves_a_request"];

    static string[] ICases.QuarryAlone =>
    [
        "blocks_come_from_the_arena_that_is_named",
        "blocks_are_resized_across_arenas",
        "indexes_end_at_4094",
        "destroying_returns_everything",
        "resetting_frees_all_blocks",
        "a_bound_thread_allocates_from_its_arena",
        "threads_that_end_release_their_arena",
        "signal_handlers_use_arenas",
        "children_use_their_arenas",
        "threads_that_are_ending_do_not_keep_an_arena_in_children",
        "counters_cover_all_arenas",
        "explicit_caches_keep_blocks",
    ];
}
