using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Several automatic arenas: <c>narenas</c>, <c>percpu_arena</c> and <c>oversize_threshold</c>.
/// </summary>
public sealed class AutomaticArenaTests
{
    private static readonly TestProgram s_program = new("automatic_arenas.c");

    private static readonly string[][] s_cases =
    [
        ["threads_are_spread", "narenas:4"],
        ["arenas_begin_with_their_use", "narenas:4"],
        ["blocks_cross_between_arenas", "narenas:3"],
        ["threads_follow_their_processors", "percpu_arena:percpu"],
        ["processors_of_a_core_share_an_arena", "percpu_arena:phycpu"],
        ["threads_move_while_they_exchange_blocks", "percpu_arena:percpu,narenas:4"],
        ["oversize_blocks_have_an_arena", "oversize_threshold:1048576"],
        ["oversize_memory_returns_at_once", "oversize_threshold:1048576"],
        ["counters_count_in_all_arenas", "narenas:4,oversize_threshold:1048576"],
        ["automatic_arenas_share_a_limit", "narenas:3,limit:16M"],
        ["several_arenas_do_not_change_a_program", "narenas:2,oversize_threshold:1,junk:true"],
    ];

    public static TheoryData<string, string> Cases => new(s_cases.Select(entry => (entry[0], entry[1])));

    /// <summary>Programs that know nothing of arenas.</summary>
    public static TheoryData<string, string, string> Others => new()
    {
        { "threads.c", "producer_and_consumer", "narenas:2" },
        { "threads.c", "contents_with_threads_coming_and_going", "percpu_arena:percpu" },
        { "fork.c", "parent_and_child_part", "narenas:3" },
        { "fork.c", "many_generations", "percpu_arena:percpu" },
        { "thread_ends.c", "killed_threads", "narenas:3" },
        { "thread_ends.c", "threads_that_jump_out", "narenas:2" },
        { "signals.c", "handlers_allocate_in_several_threads", "narenas:3" },
        { "signals.c", "jumps_out_in_several_threads", "percpu_arena:percpu" },
        { "signals.c", "jumps_out_of_malloc_trim", "narenas:2" },
        { "vfork.c", "vfork_children_of_threads_with_a_heap", "narenas:2" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_option_adds_arenas(string name, string options)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(name).With("MALLOC_CONF", options).Start().ExpectSuccess();
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Programs_work_with_several_arenas(string source, string name, string options)
    {
        LibraryUnderTest.RequireQuarry();
        new TestProgram(source).Case(name).With("MALLOC_CONF", options).Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_cases.Select(entry => entry[0])]);
}
