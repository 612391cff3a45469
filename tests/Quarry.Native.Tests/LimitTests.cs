using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Memory that runs out by resource limits, by the kernel's policy, or by configuration.</summary>
public sealed class LimitTests
{
    private static readonly TestProgram s_program = new("limits.c");

    private static readonly string[] s_exhausted =
    [
        "address_space_exhausted_by_small_blocks",
        "address_space_exhausted_by_medium_blocks",
        "address_space_exhausted_by_large_blocks",
        "address_space_exhausted_by_all_sizes",
        "address_space_exhausted_by_threads",
    ];

    private static readonly string[] s_atRunTime =
    [
        "address_space_lowered_at_run_time",
        "data_segment_lowered_at_run_time",
        "no_more_address_space_at_all",
        "locked_memory",
    ];

    public static TheoryData<string, int> Exhausted
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (int mebibytes in new[] { 64, 128, 256, 512, 1024 })
            {
                foreach (string name in s_exhausted)
                    data.Add(name, mebibytes);
            }
            return data;
        }
    }

    public static TheoryData<string> AtRunTime => new(s_atRunTime);

    [Theory]
    [MemberData(nameof(Exhausted))]
    public void Started_under_an_address_space_limit(string name, int mebibytes) =>
        s_program.Case(name, addressSpace: (long)mebibytes << 20).Start().ExpectSuccess();

    [Theory]
    [MemberData(nameof(AtRunTime))]
    public void At_run_time(string name) => s_program.Passes(name);

    [Fact]
    public void Strict_overcommit()
    {
        const string policy = "/proc/sys/vm/overcommit_memory";
        Assert.SkipUnless(File.Exists(policy), "no vm.overcommit_memory here");
        // The policy is the machine's: others must keep room enough under it while this one program runs.
        Assert.SkipUnless(MemInfo("CommitLimit:") - MemInfo("Committed_AS:") > 4 << 20,
            "the machine has promised too much memory for a strict policy");
        s_program.Case("strict_overcommit", seconds: 20, overcommit: 2).Start().ExpectSuccess();
    }

    [Fact]
    public void Limit_by_configuration()
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case("limit_by_configuration").With("QUARRY_CONF", "limit:64M").Start().ExpectSuccess();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("nonsense:1")]
    [InlineData("limit:many")]
    [InlineData("foreign:maybe")]
    [InlineData("decay_ms:")]
    public void Wrong_option_is_told_in_one_line_and_ignored(string option)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = s_program.Case("survive").With("QUARRY_CONF", option).Start().ExpectSuccess();
        string line = Assert.Single(outcome.Errors.TrimEnd('\n').Split('\n'));
        Assert.Contains(option.Split(':')[0], line);
    }

    [Fact]
    public void Program_survives_without_any_failure() => s_program.Passes("survive");

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(
        [.. s_exhausted, .. s_atRunTime, "strict_overcommit", "limit_by_configuration", "survive"]);

    /// <summary>A figure of /proc/meminfo in KiB.</summary>
    private static long MemInfo(string name)
    {
        string line = File.ReadLines("/proc/meminfo")
            .Single(line => line.StartsWith(name, StringComparison.Ordinal));
        string figure = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(figure, CultureInfo.InvariantCulture);
    }
}
