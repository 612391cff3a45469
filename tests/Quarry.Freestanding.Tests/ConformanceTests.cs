using System;
using System.Linq;
using Quarry.Testing;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>The allocators of the Core pass the conformance tests in a native image too.</summary>
public sealed unsafe class ConformanceTests(Images images)
{
    /// <summary>The checks without threads and random sequences.</summary>
    public static MatrixTheoryData<string, ConformanceCheck> Rows { get; } = new(
        Enum.GetNames<Subject>(),
        AllocatorConformance.Checks.Except([ConformanceCheck.Threads, ConformanceCheck.RandomSequences]));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Passes(string subject, ConformanceCheck check)
    {
        var run = (delegate* unmanaged<int, int, Violation*, int>)images.CheckConformance;
        Violation found = default;
        Assert.Equal(1, run((int)Enum.Parse<Subject>(subject), (int)check, &found));
        Assert.True(found.IsNone, ViolationText.Of(found));
    }
}
