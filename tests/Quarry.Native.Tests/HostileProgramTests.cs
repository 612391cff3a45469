using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>A program that replaces mmap, open and their like by functions that allocate.</summary>
public sealed class HostileProgramTests
{
    private static readonly TestProgram s_program = new("hostile.c");

    [Theory]
    [InlineData("allocator_never_calls_the_program")]
    [InlineData("program_may_use_its_own")]
    public void Every_malloc(string name) => s_program.Passes(name);

    [Fact]
    public void Every_case_is_named() =>
        s_program.HasExactly("allocator_never_calls_the_program", "program_may_use_its_own");
}
