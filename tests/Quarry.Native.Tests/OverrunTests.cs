using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Overruns of blocks, which must not reach what the heap keeps for other threads.</summary>
public sealed class OverrunTests
{
    private static readonly TestProgram s_program = new("overrun.c");

    private static readonly string[] s_cases =
    [
        "overruns_reach_no_other_thread",
        "underruns_reach_no_other_thread",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Other_threads_go_on(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name, seconds: 20);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);
}
