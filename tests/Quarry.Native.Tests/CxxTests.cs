using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The twenty C++ operators and the new-handler.</summary>
public sealed class CxxTests : ProgramTests<CxxTests>, ICases
{
    static string ICases.Program => "cxx.cpp";

    static string[] ICases.EveryMalloc =>
    [
        "plain_operators",
        "sized_operators",
        "nothrow_operators",
        "aligned_operators",
        "delete_of_null_does_nothing",
        "delete_keeps_errno",
        "malloc_and_new_share_a_heap",
        "failing_new_calls_the_handler_until_it_gives_up",
        "handler_that_removes_itself",
        "handler_that_throws_its_own_exception",
        "nothrow_new_calls_the_handler",
        "nothrow_new_returns_null_when_the_handler_throws",
        "exceptions_in_threads",
        "over_aligned_types",
        "containers",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "operators_are_in_one_library",
        "failing_new_throws_bad_alloc",
        "failing_nothrow_new_returns_null",
    ];

    static string[] ICases.Others => ["handler_that_makes_room", "exceptions_under_exhausted_memory"];

    [Theory]
    [InlineData("handler_that_makes_room", 256)]
    [InlineData("exceptions_under_exhausted_memory", 128)]
    public void Under_an_address_space_limit(string name, int mebibytes) =>
        Program.Case(name, addressSpace: (long)mebibytes << 20).Start().ExpectSuccess();
}
