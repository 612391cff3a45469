using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The background thread, which returns unused memory.</summary>
public sealed class BackgroundThreadTests
{
    private const string FromStart = "runs_from_the_start";

    private static readonly TestProgram s_program = new("background.c");

    private static readonly string[] s_cases =
    [
        "switched_on_and_off",
        "most_threads_has_a_range",
        "idle_process_returns_memory",
        "memory_freed_for_a_sleeping_thread_returns",
        "statistics_count_its_runs",
        "child_of_a_fork_has_none_and_can_start_one",
        "forks_while_it_purges",
        "child_of_vfork_cannot_start_one",
        "signals_are_blocked_in_it",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_program_switches_it(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(name).With("QUARRY_CONF", "decay_ms:100").Start().ExpectSuccess();
    }

    [Theory]
    [InlineData("MALLOC_CONF", "background_thread:true,dirty_decay_ms:100")]
    [InlineData("QUARRY_CONF", "decay_ms:100,background_thread:true")]
    public void An_option_starts_it_with_the_process(string variable, string options)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(FromStart).With(variable, options).Start().ExpectSuccess();
    }

    [Theory]
    [InlineData("switched_on_and_off")]
    [InlineData("idle_process_returns_memory")]
    [InlineData("child_of_a_fork_has_none_and_can_start_one")]
    public void A_program_with_musl_switches_it(string name)
    {
        LibraryUnderTest.RequireQuarry();
        string program = Compiler.Build("background.c", "background-musl", "musl-gcc");
        _ = new Run(program, name) { Preload = LibraryUnderTest.Preload }.With("QUARRY_CONF", "decay_ms:100")
            .Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_cases, FromStart]);
}
