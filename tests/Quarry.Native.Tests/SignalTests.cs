using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Signal handlers that interrupt malloc and free.</summary>
public sealed class SignalTests
{
    private const string OneThread = "jumps_out_of_malloc_and_free";
    private const string SeveralThreads = "jumps_out_in_several_threads";

    private static readonly TestProgram s_program = new("signals.c");

    // Undefined by POSIX and by every malloc, so they are run by hand: see signals.c.
    private static readonly string[] s_measured =
    [
        "handler_allocates",
        "handler_frees_blocks_of_the_program",
        "handlers_allocate_in_several_threads",
        "handler_allocates_when_another_thread_sends_signals",
    ];

    [Theory]
    [InlineData(OneThread, "1")]
    [InlineData(OneThread, "2")]
    [InlineData(OneThread, "3")]
    [InlineData(OneThread, "4")]
    [InlineData(OneThread, "5")]
    [InlineData(OneThread, "6")]
    [InlineData(SeveralThreads, "1")]
    [InlineData(SeveralThreads, "2")]
    [InlineData(SeveralThreads, "3")]
    public void Handler_jumps_out(string name, string seed)
    {
        LibraryUnderTest.RequireQuarry();
        // A wrong list often shows first as a pointer that the heap does not own.
        s_program.Case(name, seconds: 20, arguments: seed).With("QUARRY_CONF", "foreign:abort").Start()
            .ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([OneThread, SeveralThreads, .. s_measured]);
}
