using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>Messages and reports on small stacks.</summary>
public sealed class SmallStackTests : ProgramTests<SmallStackTests>, ICases
{
    static string ICases.Program => "api_stack.cpp";

    static string[] ICases.EveryMalloc => ["failing_new_in_the_smallest_thread"];

    static string[] ICases.QuarryAlone =>
    [
        "foreign_pointers_in_the_smallest_thread",
        "reports_in_the_smallest_thread",
        "a_signal_handler_with_a_stack_of_its_own",
        "nothing_needs_more_than_five_kilobytes",
    ];
}
