using System.Collections.Generic;

namespace Quarry.Native.Tests.Harness;

/// <summary>The cases that qemu-user does not carry, with the reason for each.</summary>
internal static class NotEmulated
{
    private const string Resident = "the memory of the process includes qemu's own";
    private const string Limits = "qemu does not apply limits on the address space to the program";
    private const string Copied = "qemu emulates vfork by fork, so parent and child share no memory";
    private const string Clone = "qemu does not create processes that share memory without being threads";
    private const string Child =
        "qemu fails an assertion in children of a process with threads, with every malloc";
    private const string Exit =
        "qemu may never finish the exit of a child that was forked while threads were translated";
    private const string Slow = "qemu records reserved address space page by page, which takes minutes";

    private static readonly Dictionary<string, string> s_reasons = new()
    {
        ["api_errors.c every_power_of_two"] = Slow,
        ["arenas.c indexes_end_at_4094"] = Slow,
        ["arenas.c threads_that_are_ending_do_not_keep_an_arena_in_children"] = Exit,
        ["c_library.c threads_under_memory_pressure"] = Limits,
        ["fork.c child_creates_threads"] = Child,
        ["fork.c grandchild"] = Child,
        ["fork.c many_generations"] = Child,
        ["handlers.c each_signal_has_its_own_handler"] = "qemu keeps the last real-time signals for itself",
        ["jemalloc_stats.c sums_of_statistics_agree"] =
            "qemu's mincore refuses ranges with pages that are not accessible",
        ["large.c untouched_memory_costs_nothing"] = Resident,
        ["large.c address_space_is_bounded"] = Resident,
        ["loading.cpp thread_local_objects"] = Resident,
        ["reservation.c locked_program_stays_small"] = Resident,
        ["reservation.c program_locked_before_its_first_allocation_stays_small"] = Resident,
        ["reservation.c limit_set_at_run_time_holds_for_threads"] = Limits,
        ["reservation.c limit_set_at_run_time_holds_for_small_blocks"] = Limits,
        ["reservation.c limit_set_at_run_time_holds_for_large_blocks"] = Limits,
        ["reservation.c limit_set_at_run_time_holds_for_huge_blocks"] = Limits,
        ["thread_ends.c threads_that_jump_out"] = Resident,
        ["thread_ends.c killed_threads"] = Resident,
        ["thread_ends.c no_key_left"] = Resident,
        ["thread_ends.c key_destructors_beyond_the_first_block_of_keys"] = Resident,
        ["thread_ends.c key_destructors_allocate_and_free"] = Resident,
        ["thread_ends.c blocks_freed_after_their_owner_ended"] = Resident,
        ["threads.c detached_threads"] = Resident,
        ["threads.c thousands_of_short_threads"] = Resident,
        ["vfork.c memory_of_ended_parents_is_used_again"] = Resident,
        ["vfork.c several_vfork_children"] = Exit,
        ["vfork.c first_allocation_of_a_thread_in_a_vfork_child"] = Exit,
        ["vfork.c vfork_children_of_threads_with_a_heap"] = Exit,
        ["vfork.c blocks_of_a_child_are_freed_by_its_parent"] = Copied,
        ["vfork.c clone_child_has_a_child"] = Clone,
        ["vfork.c several_clone_children"] = Clone,
        ["vfork.c first_allocation_of_a_thread_in_a_clone_child"] = Clone,
    };

    /// <summary>The cases, each as a program and a name.</summary>
    public static IEnumerable<string> Cases => s_reasons.Keys;

    /// <summary>The reason for which a case is not run; null if it is.</summary>
    public static string? Reason(string program, string name) =>
        s_reasons.GetValueOrDefault($"{program} {name}");
}
