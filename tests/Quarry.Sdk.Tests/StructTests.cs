using System;
using System.Linq;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>The code that the build adds around a struct makes it safe for any program.</summary>
public sealed class StructTests(NativePrograms programs)
{
    [Theory]
    [InlineData("BumpMalloc")]
    [InlineData("CounterMalloc")]
    [InlineData("FixedMalloc")]
    public void Threads_can_use_it(string sample) =>
        Assert.Equal(0, Sample.Run(sample, programs.Get("balanced"), []).ExitCode);

    [Theory]
    [InlineData("BumpMalloc")]
    [InlineData("CounterMalloc")]
    public void A_child_of_a_fork_can_use_it(string sample) =>
        Assert.Equal(0, Sample.Run(sample, programs.Get("forks"), [], ("QUARRY_BUMP_SIZE", "64G")).ExitCode);

    [Theory]
    [InlineData("BumpMalloc")]
    [InlineData("FixedMalloc")]
    public void Foreign_pointers_are_reported_and_ignored(string sample)
    {
        Outcome result = Sample.Run(sample, programs.Get("foreign"), []);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(4, result.ErrorLines.Length);
        Assert.All(result.ErrorLines, line => Assert.EndsWith(
            "(possibly from a library opened with RTLD_DEEPBIND); ignored", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_library_depends_on_no_other() => Assert.DoesNotContain(
        new Run("readelf", "-dW", Sample.Library("BumpMalloc")).Start().ExpectSuccess().Lines,
        line => line.Contains("NEEDED", StringComparison.Ordinal));

    [Fact]
    public void The_library_exports_malloc_and_the_listed_methods()
    {
        string library = Sample.Library("CounterMalloc");
        string symbols = new Run("nm", "-D", "--defined-only", library).Start().ExpectSuccess().Output;
        string[] names = [.. symbols.Split('\n').Select(line => line.Split(' ')[^1])];
        Assert.Contains("malloc", names);
        Assert.Contains("_Znwm", names);
        Assert.Contains("counter_malloc_statistics", names);
    }
}
