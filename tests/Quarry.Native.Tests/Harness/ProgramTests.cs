using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>One test for each case of a program.</summary>
public abstract class ProgramTests<TCases> where TCases : ICases
{
    private protected static TestProgram Program { get; } = new(TCases.Program);

    public static TheoryData<string> EveryMallocData => new(TCases.EveryMalloc);

    public static TheoryData<string> QuarryAloneData => new(TCases.QuarryAlone);

    [Theory]
    [MemberData(nameof(EveryMallocData))]
    public void Every_malloc(string name) => Program.Passes(name);

    [Theory]
    [MemberData(nameof(QuarryAloneData))]
    public void Quarry_alone(string name)
    {
        LibraryUnderTest.RequireQuarry();
        Program.Passes(name);
    }

    [Fact]
    public void Every_case_is_named() =>
        Program.HasExactly([.. TCases.EveryMalloc, .. TCases.QuarryAlone, .. TCases.Others]);
}
