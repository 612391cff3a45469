using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The hook by which the C library reports that a thread ends.</summary>
public sealed class ThreadExitHookTests
{
    [Fact]
    public void Result_of_the_C_library_is_an_int()
    {
        LibraryUnderTest.RequireQuarry();
        string program = Compiler.Build("api_thread_exit.c", "api_thread_exit", "gcc", "-rdynamic");
        new Run(program, "ended_threads_leave_their_heaps")
        {
            Preload = LibraryUnderTest.Preload,
        }.Start().ExpectSuccess();
    }
}
