using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>A process that may not change the protection of memory, or not read clocks.</summary>
public sealed class SeccompTests
{
    private static readonly TestProgram s_program = new("api_seccomp.c");

    private static readonly string[] s_cases =
    [
        "freed_memory_is_served_again",
        "handler_that_frees_nothing",
        "handler_that_frees_blocks_is_followed_by_their_reuse",
        "clocks_are_read_without_a_system_call",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Goes_on_without_the_call(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);
}
