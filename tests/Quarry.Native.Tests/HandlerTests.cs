using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>The replaced functions that install signal handlers.</summary>
public sealed class HandlerTests : ProgramTests<HandlerTests>, ICases
{
    static string ICases.Program => "handlers.c";

    static string[] ICases.EveryMalloc =>
    [
        "handlers_are_called_and_read_back",
        "signal_returns_the_handler_of_before",
        "each_signal_has_its_own_handler",
        "a_handler_for_one_time_is_reset",
        "errors_are_those_of_the_system",
        "a_child_of_vfork_leaves_the_handlers_of_its_parent",
    ];

    /// <summary>POSIX does not allow it; other allocators fail.</summary>
    static string[] ICases.QuarryAlone =>
    [
        "a_child_of_a_fork_in_a_handler_goes_on",
    ];
}
