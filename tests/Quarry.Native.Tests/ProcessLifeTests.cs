using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Before main, at exit, thread-local objects, libraries loaded on the way.</summary>
public sealed class ProcessLifeTests
{
    private static readonly TestProgram s_program = new("loading.cpp");

    private static readonly string[] s_ofEveryMalloc =
    [
        "blocks_from_before_main_are_good",
        "exit_handlers_and_destructors",
        "return_from_main_is_exit",
        "quick_exit_handlers",
        "thread_local_objects",
        "key_destructor_after_thread_local_objects",
        "libraries_loaded_and_unloaded",
        "library_loaded_with_deepbind",
        "standard_files_closed",
        "environment_cleared",
    ];

    private static readonly string[] s_ofQuarry =
    [
        "thread_local_storage_is_small",
    ];

    public static TheoryData<string> OfEveryMalloc => new(s_ofEveryMalloc);

    public static TheoryData<string> OfQuarry => new(s_ofQuarry);

    [Theory]
    [MemberData(nameof(OfEveryMalloc))]
    public void Every_malloc(string name) => s_program.Passes(name);

    [Theory]
    [MemberData(nameof(OfQuarry))]
    public void Quarry(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_ofEveryMalloc, .. s_ofQuarry]);
}
