using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Every name of jemalloc's manual, and its figures of locks, unused memory and refills.</summary>
public sealed class JemallocKeyTests
{
    private static readonly TestProgram s_program = new("jemalloc_keys.c");

    private static readonly string[] s_cases =
    [
        "every_documented_name_is_readable",
        "names_of_absent_features_are_unknown",
        "locks_are_counted",
        "unused_memory_is_counted_by_size",
        "refills_and_slabs_are_counted",
        "large_blocks_enter_and_leave_classes",
        "reallocations_to_nothing_are_counted",
        "random_requests",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_program_reads_them(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);
}
