using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Blocks that are freed twice: no call may crash or run forever by itself.</summary>
public sealed class DoubleFreeTests
{
    private static readonly TestProgram s_program = new("double_free.c");

    private static readonly string[] s_cases =
    [
        "freed_by_two_other_threads",
        "freed_twice_in_a_row_by_another_thread",
        "freed_three_times_in_a_row_by_another_thread",
        "freed_twice_in_a_row_by_its_owner",
        "freed_twice_by_its_owner_around_another_block",
        "freed_by_its_owner_and_then_another_thread",
        "freed_by_another_thread_and_then_its_owner",
        "many_blocks_freed_by_two_other_threads",
        "many_blocks_freed_again_in_another_batch",
        "double_frees_interleaved_in_a_batch",
        "many_blocks_freed_twice_by_their_owner",
        "double_frees_interleaved_by_the_owner",
        "many_blocks_freed_by_their_owner_and_another_thread",
        "blocks_of_an_ended_thread_freed_twice",
        "freed_by_three_threads_at_the_same_time",
        "large_blocks_freed_three_times",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Neither_crashes_nor_hangs(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name, seconds: 20);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);
}
