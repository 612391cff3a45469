using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>Child processes that share the address space of their parent.</summary>
public sealed class VforkTests : ProgramTests<VforkTests>, ICases
{
    static string ICases.Program => "vfork.c";

    static string[] ICases.EveryMalloc =>
    [
        "first_allocation_of_a_thread_in_a_vfork_child",
        "vfork_children_of_threads_with_a_heap",
        "several_vfork_children",
        "vfork_allocates_and_execs",
        "first_allocation_of_a_thread_in_a_clone_child",
        "several_clone_children",
        "clone_child_has_a_child",
        "blocks_of_a_child_are_freed_by_its_parent",
    ];

    /// <summary>The bound on memory is Quarry's.</summary>
    static string[] ICases.QuarryAlone =>
    [
        "memory_of_ended_parents_is_used_again",
    ];
}
