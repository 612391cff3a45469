using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Limits of a thread's lists, and the utilization of slabs, by jemalloc's controls.</summary>
public sealed class JemallocSlabTests
{
    private static readonly TestProgram s_program = new("jemalloc_slabs.c");

    private static readonly string[] s_cases =
    [
        "lists_of_a_thread_have_limits",
        "limits_end_with_their_thread",
        "utilization_of_slabs",
        "utilization_needs_matching_buffers",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_program_uses_them(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);
}
