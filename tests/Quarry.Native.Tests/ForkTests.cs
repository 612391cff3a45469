using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>Children of a process whose other threads are inside the allocator.</summary>
public sealed class ForkTests : ProgramTests<ForkTests>, ICases
{
    static string ICases.Program => "fork.c";

    static string[] ICases.EveryMalloc =>
    [
        "child_works_at_once",
        "child_creates_threads",
        "grandchild",
        "many_generations",
        "fork_in_a_thread",
        "fork_in_several_threads_at_once",
        "vfork_and_exec",
        "posix_spawn_under_load",
        "popen_under_load",
        "fork_handlers_that_allocate",
        "parent_and_child_part",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "child_of_a_raw_fork",
        "child_of_a_raw_clone",
    ];
}
