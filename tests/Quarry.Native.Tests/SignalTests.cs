using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Signal handlers that interrupt malloc and free.</summary>
public sealed class SignalTests
{
    private static readonly TestProgram s_program = new("signals.c");

    /// <summary>The cases of signals.c.</summary>
    internal static string[] Names { get; } =
    [
        "jumps_out_of_malloc_and_free",
        "jumps_out_in_several_threads",
        "jumps_out_of_malloc_trim",
        "handler_allocates",
        "handler_frees_blocks_of_the_program",
        "handlers_allocate_in_several_threads",
        "handler_allocates_when_another_thread_sends_signals",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string name in Names)
            {
                for (int seed = 1; seed <= 3; seed++)
                {
                    cases.Add(name, $"{seed}");
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_heap_stays_whole(string name, string seed)
    {
        LibraryUnderTest.RequireQuarry();

        // A wrong list often shows first as a pointer that the heap does not own.
        s_program.Case(name, seconds: 20, arguments: seed).With("QUARRY_CONF", "foreign:abort").Start()
            .ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(Names);
}
