using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>Before main, at exit, thread-local objects, libraries loaded on the way.</summary>
public sealed class ProcessLifeTests : ProgramTests<ProcessLifeTests>, ICases
{
    static string ICases.Program => "loading.cpp";

    static string[] ICases.EveryMalloc =>
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

    static string[] ICases.QuarryAlone =>
    [
        "thread_local_storage_is_small",
    ];
}
