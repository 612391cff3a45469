using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>
/// The figures of an exact profile against those of valgrind's DHAT for the same program: total, at the peak,
/// and at the end, in bytes and blocks, of every call site.
/// </summary>
public sealed class ProfileDhatTests
{
    private const string Sql = """
        CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO item SELECT i, printf('item %08d', i * 7919 % 5003), i / 3.0 FROM n;
        CREATE INDEX item_name ON item (name);
        SELECT substr(name, 1, 11), count(*) FROM item WHERE price > 100 GROUP BY 1 ORDER BY 2 LIMIT 3;
        """;

    [Fact]
    public void Every_site_of_a_program_has_the_figures_of_dhat()
    {
        List<Figures> sites = Compare("dhat", ProfileTests.s_program.Path, "random_work");
        Assert.True(sites.Count >= 4);
        Assert.True(sites.Max(site => site.Blocks) > 1000);
    }

    [Fact]
    public void Every_site_of_sqlite_has_the_figures_of_dhat()
    {
        List<Figures> sites = Compare("dhat-sqlite", Tool.Require("sqlite3"), ":memory:", Sql);
        Assert.True(sites.Count > 100);
    }

    /// <summary>
    /// Runs a program with both, and compares all sites. Sites are compared by their figures alone, because
    /// valgrind loads programs at other addresses and names functions by its own rules.
    /// </summary>
    private static List<Figures> Compare(string name, params string[] command)
    {
        LibraryUnderTest.RequireQuarry();
        string folder = ProfileTests.Folder(name);

        // Stacks must not be cut off, and what the C library keeps must not be freed at the end.
        string[] options = ["--tool=dhat", "--num-callers=128", "--run-libc-freeres=no",
            "--run-cxx-freeres=no", $"--dhat-out-file={folder}/dhat"];
        Run dhat = new(Tool.Require("valgrind"), [.. options, .. command]) { Seconds = 300 };
        dhat.Start().ExpectSuccess();
        List<Figures> expected = [.. DhatSites($"{folder}/dhat").Order()];
        File.Delete($"{folder}/dhat");

        new Run(command[0], command[1..]) { Preload = LibraryUnderTest.Preload }
            .With("QUARRY_PROFILE", $"{folder}/p").With("QUARRY_CONF", "profile:exact").Start()
            .ExpectSuccess();
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        Assert.Equal(expected, Sites(profile).Order());

        // The sums are those of the header, and so is the peak.
        ProfileTotals totals = profile.Header.Totals;
        Assert.Equal(
            new Figures(totals.Bytes, Whole(totals.Blocks), totals.PeakBytes, Whole(totals.PeakBlocks),
                totals.LiveBytes, Whole(totals.LiveBlocks)),
            expected.Aggregate(Figures.Sum));
        ProfileTests.AssertSums(profile);
        return expected;
    }

    private static IEnumerable<Figures> Sites(ProfileContents profile) =>
        from site in profile.Allocations
        where site.Blocks > 0
        let atPeak = site.PeakEpoch == profile.Header.PeakEpoch ? site.AtPeakBlocks : site.LiveBlocks
        select new Figures(site.Bytes, Whole(site.Blocks), profile.AtPeak(site), Whole(atPeak),
            site.LiveBytes, Whole(site.LiveBlocks));

    private static List<Figures> DhatSites(string path)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.GetProperty("pps").EnumerateArray().Select(point =>
        {
            ulong Figure(string name) => point.GetProperty(name).GetUInt64();
            return new Figures(Figure("tb"), Figure("tbk"), Figure("gb"), Figure("gbk"), Figure("eb"),
                Figure("ebk"));
        })];
    }

    private static ulong Whole(ulong blocks)
    {
        Assert.Equal(0UL, blocks % (1 << ProfileHeader.BlockBits));
        return blocks >> ProfileHeader.BlockBits;
    }

    private readonly record struct Figures(
        ulong Bytes, ulong Blocks, ulong PeakBytes, ulong PeakBlocks, ulong LiveBytes, ulong LiveBlocks)
        : IComparable<Figures>
    {
        public static Figures Sum(Figures left, Figures right) => new(
            left.Bytes + right.Bytes,
            left.Blocks + right.Blocks,
            left.PeakBytes + right.PeakBytes,
            left.PeakBlocks + right.PeakBlocks,
            left.LiveBytes + right.LiveBytes,
            left.LiveBlocks + right.LiveBlocks);

        public int CompareTo(Figures other) =>
            (Bytes, Blocks, PeakBytes, PeakBlocks, LiveBytes, LiveBlocks).CompareTo(
                (other.Bytes, other.Blocks, other.PeakBytes, other.PeakBlocks, other.LiveBytes,
                    other.LiveBlocks));
    }
}
