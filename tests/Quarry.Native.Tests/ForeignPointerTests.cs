using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Pointers the heap never gave out: told with their address, ignored or aborted by
/// option.</summary>
public sealed class ForeignPointerTests
{
    private const int Aborted = 128 + 6;

    private static readonly TestProgram s_program = new("foreign.c");

    private static readonly string[] s_pointers =
    [
        "stack",
        "static_data",
        "initialised_data",
        "constant",
        "code",
        "argument_string",
        "mapping",
        "mapping_beside_the_heap",
        "unmapped_address",
        "inaccessible_address",
        "small_integers",
        "non_canonical_address",
        "kernel_half_address",
        "end_of_user_space",
        "every_high_bit",
        "block_of_the_c_library",
        "pointer_from_before_main",
        "page_of_a_freed_block",
        "large_block_freed_twice",
        "null_is_not_foreign",
        "many_threads_free_what_is_not_theirs",
        "standard_error_is_closed",
    ];

    public static TheoryData<string> Pointers => new(s_pointers);

    [Theory]
    [MemberData(nameof(Pointers))]
    public void Is_told_and_ignored(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Is_ignored_when_the_option_says_so()
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case("stack").With("QUARRY_CONF", "foreign:ignore").Start().ExpectSuccess();
    }

    [Fact]
    public void Aborts_when_the_option_says_so()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = s_program.Case("ends_by_abort").With("QUARRY_CONF",
            "foreign:abort").Start().Expect(Aborted);
        Assert.Matches("(?i)0x[0-9a-f]{6,}", outcome.Errors);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_pointers, "ends_by_abort"]);
}
