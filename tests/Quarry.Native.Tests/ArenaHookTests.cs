using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's extent hooks.</summary>
public sealed class ArenaHookTests : ProgramTests<ArenaHookTests>, ICases
{
    static string ICases.Program => "arena_hooks.c";

    static string[] ICases.EveryMalloc => ["the_default_hooks_are_one_structure"];

    static string[] ICases.QuarryAlone =>
    [
        "all_memory_comes_from_the_hooks",
        "refused_extents_are_retained",
        "each_hook_is_tried_in_turn",
        "hooks_are_installed_later",
        "the_first_arena_takes_hooks",
        "many_threads_use_hooked_arenas",
        "the_background_thread_calls_hooks",
    ];
}
