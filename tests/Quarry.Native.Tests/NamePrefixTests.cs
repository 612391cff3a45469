using System.Collections.Generic;
using System.IO;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>libquarry_jemalloc.so, which has jemalloc's names with the prefix <c>_rjem_</c> as
/// well.</summary>
[Trait("Category", "OtherImage")]
public sealed class NamePrefixTests
{
    private const string Prefix = "_rjem_", Variable = "_RJEM_MALLOC_CONF";

    private static readonly string s_image = Path.Combine(LibraryUnderTest.Folder, "libquarry_jemalloc.so");

    public static TheoryData<string> Cases =>
        [.. JemallocTests.EveryMallocData, .. JemallocTests.QuarryAloneData];

    [Fact]
    public void Each_name_is_another_name_of_the_same_function()
    {
        Dictionary<string, string[]> exports = JemallocNames.Exports(s_image);
        foreach (string name in JemallocNames.All)
        {
            string[] plain = exports[name], prefixed = exports[Prefix + name];
            Assert.Equal(plain[3..6], prefixed[3..6]);
            if (name is "malloc_conf" or "malloc_message")
                Assert.Equal(["OBJECT", "WEAK", "DEFAULT"], prefixed[3..6]);
            else
                Assert.Equal(plain[1], prefixed[1]);
        }
        string without = Path.Combine(LibraryUnderTest.Folder, "libquarry.so");
        Assert.DoesNotContain(JemallocNames.Exports(without).Keys,
            name => name.StartsWith(Prefix, System.StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Functions_work_by_the_prefixed_names(string name)
    {
        string program = JemallocNames.Build("jemalloc.c", s_image, Prefix);
        new Run(program, name).Start().ExpectSuccess();
    }

    [Theory]
    [InlineData("_RJEM_MALLOC_CONF", "dirty=5000", "env_var=dirty_decay_ms:5000")]
    [InlineData("MALLOC_CONF", "dirty=5000", "env_var=dirty_decay_ms:5000")]
    [InlineData("JE_MALLOC_CONF", "dirty=1000", "env_var=none")]
    public void Options_come_from_the_variable_with_the_prefix_or_else_without(
        string variable, params string[] expected)
    {
        string program = JemallocNames.Build("jemalloc_options.c", s_image, Prefix);
        Outcome outcome = new Run(program, "print").With(variable, "dirty_decay_ms:5000").Start();
        Assert.All(expected, part => Assert.Contains(part, outcome.ExpectSuccess().Output));
        Assert.Equal("", outcome.Errors);
    }

    [Fact]
    public void The_variable_with_the_prefix_hides_the_one_without()
    {
        string program = JemallocNames.Build("jemalloc_options.c", s_image, Prefix);
        Outcome outcome = new Run(program, "print").With("MALLOC_CONF", "nonsense:1")
            .With(Variable, "confirm_conf:true,muzzy_decay_ms:3").Start().ExpectSuccess();
        Assert.Contains("muzzy=3", outcome.Output);
        Assert.Contains("#2 (string pointed to by the global variable _rjem_malloc_conf): ", outcome.Errors);
        Assert.Contains("symbolic link named /etc/_rjem_malloc.conf): ", outcome.Errors);
        Assert.Contains("environment variable _RJEM_MALLOC_CONF): \"confirm_conf", outcome.Errors);
        Assert.DoesNotContain("nonsense", outcome.Errors);
    }

    [Fact]
    public void Variables_of_the_program_are_found_by_the_prefixed_names()
    {
        string program = JemallocNames.Build("jemalloc_options.c", s_image, Prefix, "-DWITH_VARIABLES");
        Outcome outcome = new Run(program, "print").Start().ExpectSuccess();
        Assert.Contains("dirty=7000", outcome.Output);
        Assert.Contains("global_var=dirty_decay_ms:7000", outcome.Output);
    }

    [Fact]
    public void Messages_and_reports_go_to_the_function_of_the_program()
    {
        string program = JemallocNames.Build("jemalloc_options.c", s_image, Prefix, "-DWITH_MESSAGES");
        Outcome outcome = new Run(program, "report").With(Variable, "nonsense:1").Start().ExpectSuccess();
        Assert.StartsWith(
            "<jemalloc>: Invalid conf pair: nonsense:1\n___ Begin jemalloc statistics ___\n", outcome.Output);
        Assert.EndsWith("--- End jemalloc statistics ---\n", outcome.Output);
        Assert.Equal("", outcome.Errors);
    }
}
