using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Programs that lock all their memory.</summary>
public sealed class LockedMemoryTests
{
    private static readonly TestProgram s_program = new("api_locked.c");

    [Fact]
    public void Alignment_costs_address_space_alone()
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes("aligned_blocks_in_locked_memory");
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly("aligned_blocks_in_locked_memory");
}
