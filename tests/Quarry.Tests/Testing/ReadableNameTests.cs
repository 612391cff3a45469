using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>What the runtime calls methods and types, and what their author does.</summary>
public sealed class ReadableNameTests
{
    [Theory]
    [InlineData("N.A.Run()", "N.A.Run")]
    [InlineData("N.A+B.Run(int32,class System.String)", "N.A.B.Run")]
    [InlineData("N.A+<>c.<Run>b__0_0()", "N.A.Run (lambda)")]
    [InlineData("N.A+<>c__DisplayClass3_0.<Run>b__1(int32)", "N.A.Run (lambda)")]
    [InlineData("N.A.<Run>b__3_0()", "N.A.Run (lambda)")]
    [InlineData("N.A.<Run>g__Local|0_0()", "N.A.Run.Local")]
    [InlineData("N.A+<Run>d__5.MoveNext()", "N.A.Run")]
    [InlineData("System.Collections.Generic.List`1[System.__Canon].Add(!0)",
        "System.Collections.Generic.List<System.__Canon>.Add")]
    public void Of_methods(string name, string expected) => Assert.Equal(expected, ReadableName.OfMethod(name));

    [Theory]
    [InlineData("System.Byte[]", "System.Byte[]")]
    [InlineData("System.Int32[,]", "System.Int32[,]")]
    [InlineData("System.Func`2[System.Int32,System.Byte[]]", "System.Func<System.Int32,System.Byte[]>")]
    [InlineData("N.A+<>c__DisplayClass2_0", "closure of N.A")]
    [InlineData("<>c__DisplayClass2_0", "closure")]
    [InlineData("N.A+<Run>d__5", "N.A.Run (async)")]
    [InlineData("<Run>d__5", "Run (async)")]
    [InlineData("N.A+B", "N.A.B")]
    public void Of_types(string name, string expected) => Assert.Equal(expected, ReadableName.OfType(name));
}
