using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>What the C library does in and around the heap.</summary>
public sealed class CLibraryTests : ProgramTests<CLibraryTests>, ICases
{
    private const int Aborted = 128 + 6;

    static string ICases.Program => "c_library.c";

    static string[] ICases.EveryMalloc =>
    [
        "thread_cancelled_while_it_writes_information",
        "threads_under_memory_pressure",
    ];

    /// <summary>In glibc and jemalloc the cancelled thread leaves a lock locked.</summary>
    static string[] ICases.QuarryAlone => ["thread_cancelled_while_it_prints_statistics"];

    static string[] ICases.Others => ["backtrace_of_an_abort", "backtrace_of_an_abort_in_a_thread"];

    [Theory]
    [InlineData("backtrace_of_an_abort")]
    [InlineData("backtrace_of_an_abort_in_a_thread")]
    public void Abort_can_be_reported(string name)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Program.Case(name, seconds: 20).With("QUARRY_CONF", "foreign:abort").Start()
            .Expect(Aborted);
        Assert.Contains("reported\n", outcome.Errors);
    }
}
