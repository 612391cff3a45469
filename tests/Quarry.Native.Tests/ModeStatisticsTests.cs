using System;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Blocks that modes serve outside of the ordinary heap: they count like others.</summary>
public sealed class ModeStatisticsTests
{
    // Each small block is guarded, up to 4096.
    private const string Guarded = "mode:guarded,guard_interval:1,guard_blocks:4096";

    private static readonly TestProgram s_program = new("mode_statistics.c");

    private static readonly string[] s_counted =
    [
        "quarry_stats_counts_blocks", "mallinfo_counts_blocks", "jemalloc_counts_blocks",
        "growing_is_counted",
    ];

    private static readonly string[] s_modes = ["mode:release", Guarded, "mode:checked", "mode:hardened"];

    public static TheoryData<string, string> Counted
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string name in s_counted)
            {
                foreach (string mode in s_modes)
                    data.Add(name, mode);
            }

            return data;
        }
    }

    public static TheoryData<string> Modes => new(s_modes);

    [Fact]
    public void Every_case_is_named() =>
        s_program.HasExactly([.. s_counted, "malloc_stats_shows_blocks", "limit_includes_blocks"]);

    [Theory]
    [MemberData(nameof(Counted))]
    public void Blocks_are_counted(string name, string mode) => Start(name, mode);

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_limit_includes_them(string mode)
    {
        // Each guarded block takes a page, so only the default number of them.
        string options = mode.Replace(",guard_blocks:4096", "", StringComparison.Ordinal);
        Start("limit_includes_blocks", options + ",limit:16m");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_printed_statistics_include_them(string mode)
    {
        string line = Start("malloc_stats_shows_blocks", mode).Errors.Split('\n')
            .First(l => l.Contains("in use bytes", StringComparison.Ordinal));
        string digits = new([.. line.Where(char.IsAsciiDigit)]);
        Assert.InRange(long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture),
            6_180_000, 12_000_000);
    }

    [Theory]
    [InlineData("mode:checked")]
    [InlineData("mode:hardened")]
    [InlineData(Guarded)]
    public void A_profile_of_every_byte_has_every_block(string mode)
    {
        foreach (string recording in (string[])["profile:exact", "sample:1"])
        {
            string folder = ProfileTests.Folder("mode");
            ProfileTests.Run("many_sites", folder, $"{recording},{mode}").Start().ExpectSuccess();
            ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
            Assert.Equal(1UL << 14, profile.Figure(112, "blocks"));
            Assert.Equal(0UL, profile.Figure(112, "live_blocks"));
            ProfileTests.AssertSums(profile);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Outcome Start(string name, string mode)
    {
        LibraryUnderTest.RequireQuarry();
        return s_program.Case(name).With("QUARRY_CONF", mode).Start().ExpectSuccess();
    }
}
