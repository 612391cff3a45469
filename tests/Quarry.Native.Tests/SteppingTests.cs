using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Signal handlers at each single instruction of malloc and free.</summary>
public sealed class SteppingTests
{
    private static readonly TestProgram s_program = new("stepping.c");

    private static readonly string[] s_jumps =
    [
        "jumps_out_of_small_pairs",
        "jumps_out_of_filling_pages",
        "jumps_out_of_large_blocks",
        "jumps_out_of_realloc",
        "jumps_out_of_malloc_trim",
        "jumps_out_of_frees_for_another_thread",
        "jumps_out_of_the_first_pair_of_a_thread",
    ];

    private static readonly string[] s_allocations =
    [
        "handler_allocates_in_small_pairs",
        "handler_allocates_in_filling_pages",
        "handler_allocates_in_large_blocks",
        "handler_allocates_in_realloc",
        "handler_allocates_in_malloc_trim",
        "handler_allocates_in_frees_for_another_thread",
        "handler_allocates_in_the_first_pair_of_a_thread",
    ];

    public static TheoryData<string> Jumps => new(s_jumps);

    public static TheoryData<string> Allocations => new(s_allocations);

    [Theory]
    [MemberData(nameof(Jumps))]
    public void Handler_jumps_out(string name) => Survives(name);

    [Theory]
    [MemberData(nameof(Allocations))]
    public void Handler_allocates(string name) => Survives(name);

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_jumps, .. s_allocations]);

    private static void Survives(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(name).With("QUARRY_CONF", "foreign:abort").Start().ExpectSuccess();
    }
}
