using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Children of a process whose other threads are inside the allocator.</summary>
public sealed class ForkTests
{
    private static readonly TestProgram s_program = new("fork.c");

    private static readonly string[] s_ofEveryMalloc =
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

    private static readonly string[] s_ofQuarry =
    [
        "child_of_a_raw_fork",
        "child_of_a_raw_clone",
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
