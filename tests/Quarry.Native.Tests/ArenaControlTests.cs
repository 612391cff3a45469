using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>The controls and statistics of jemalloc's arenas.</summary>
public sealed class ArenaControlTests : ProgramTests<ArenaControlTests>, ICases
{
    static string ICases.Program => "arena_controls.c";

    static string[] ICases.EveryMalloc => ["an_arena_has_a_decay_time"];

    static string[] ICases.QuarryAlone =>
    [
        "names_and_decay_times_are_those_of_the_arena",
        "statistics_of_arenas_add_up",
        "reports_have_all_arenas",
        "random_requests_to_arenas",
    ];
}
