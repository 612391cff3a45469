using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Many threads on one heap, and threads that end in the worst way.</summary>
public sealed class ThreadTests
{
    private static readonly TestProgram s_program = new("threads.c");

    private static readonly string[] s_ofEveryMalloc =
    [
        "contents_under_stress",
        "contents_with_threads_coming_and_going",
        "producer_and_consumer",
        "realloc_of_other_threads_blocks",
        "thousands_of_short_threads",
        "detached_threads",
        "many_threads_at_once",
        "blocks_freed_after_their_owner_ended",
        "key_destructors_allocate_and_free",
        "key_destructors_beyond_the_first_block_of_keys",
        "no_key_left",
        "smallest_stack",
        "threads_cancelled_at_cancellation_points",
        "exit_while_threads_work",
        "exit_from_a_thread",
        "main_thread_ends_first",
    ];

    private static readonly string[] s_ofQuarry =
    [
        "killed_threads",
        "threads_cancelled_asynchronously",
    ];

    public static TheoryData<string> OfEveryMalloc => new(s_ofEveryMalloc);

    public static TheoryData<string> OfQuarry => new(s_ofQuarry);

    [Theory]
    [MemberData(nameof(OfEveryMalloc))]
    public void Every_malloc(string name) => s_program.Passes(name);

    [Theory]
    [MemberData(nameof(OfQuarry))]
    public void Quarry(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_ofEveryMalloc, .. s_ofQuarry]);
}
