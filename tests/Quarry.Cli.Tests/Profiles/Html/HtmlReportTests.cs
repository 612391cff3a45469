using System;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Html;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>The data of the pages, compared with the profiles.</summary>
public sealed class HtmlReportTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(20_000)]
    public void A_report_has_the_stacks_and_figures_of_all_sites(int sites)
    {
        Profile profile = SampleProfile.Large(sites).Build();
        PageData page = new(PageData.Write(writer => HtmlReport.Write(profile, writer)));

        Assert.Equal(profile.Sites.Select(site => site.Frames.Select(Text)), page.Stacks(0));
        void Same(string column, Func<RecordedSite, double> value) =>
            Assert.Equal(profile.Sites.Select(site => value(site.Figures)), page.Column(0, column));

        Same("live", site => site.LiveBytes);
        Same("liveBlocks", site => site.LiveBlocks);
        Same("liveError", site => site.LiveBytesError);
        Same("peak", site => site.AtPeakBytes);
        Same("total", site => site.Bytes);
        Same("blocks", site => site.Blocks);
        Same("totalError", site => site.BytesError);
        Same("usable", site => site.UsableBytes);
        Same("max", site => site.MaxBytes);
        Same("minSize", site => site.MinSize);
        Same("maxSize", site => site.MaxSize);
        Same("samples", site => site.Samples);
        Same("first", site => site.FirstTime.TotalNanoseconds);
        Same("last", site => site.LastTime.TotalNanoseconds);
        Same("lifetime", site => site.Blocks > site.LiveBlocks
            ? site.Lifetimes.TotalNanoseconds / (site.Blocks - site.LiveBlocks)
            : 0);
    }

    [Fact]
    public void A_report_has_the_figures_of_the_process()
    {
        Profile profile = ShopProfile.Build();
        JsonElement page = new PageData(PageData.Write(writer => HtmlReport.Write(profile, writer))).Root;
        ProfileFile file = profile.File;

        JsonElement run = page.GetProperty("run");
        Assert.Equal(profile.CommandLine, run.GetProperty("command").GetString());
        Assert.Equal("sampled", run.GetProperty("mode").GetString());
        Assert.Equal(file.SampleInterval, run.GetProperty("sampleInterval").GetInt64());
        Assert.Equal(file.Duration.TotalNanoseconds, run.GetProperty("duration").GetDouble());
        Assert.Equal(file.StartTime, run.GetProperty("started").GetDateTimeOffset());

        JsonElement totals = page.GetProperty("totals");
        Assert.Equal(file.Totals.LiveBytes, totals.GetProperty("live").GetInt64());
        Assert.Equal(file.Totals.PeakBytes, totals.GetProperty("peak").GetInt64());
        double variance = file.Sites.Where(site => !site.Stack.IsAdHoc)
            .Sum(site => site.LiveBytesError * site.LiveBytesError);
        Assert.Equal(Math.Sqrt(variance), totals.GetProperty("liveError").GetDouble(), 3);

        Assert.Equal(
            file.Threads.Select(t => (t.ThreadId, t.Name, t.Bytes, t.FreedBytes)),
            page.GetProperty("threads").EnumerateArray().Select(t => (
                t.GetProperty("id").GetInt32(), t.GetProperty("name").GetString()!,
                t.GetProperty("bytes").GetInt64(), t.GetProperty("freed").GetInt64())));
        Assert.Equal(
            file.SizeClasses.Select(c => (c.BlockSize, c.InUseBlocks, c.PageBytes)),
            page.GetProperty("sizeClasses").EnumerateArray().Select(c => (
                c.GetProperty("size").GetInt64(), c.GetProperty("inUse").GetInt64(),
                c.GetProperty("pages").GetInt64())));
        Assert.Equal(
            file.Timeline.Select(p => p.ResidentBytes),
            page.GetProperty("timeline").GetProperty("resident").EnumerateArray().Select(n => n.GetInt64()));
    }

    [Fact]
    public void Managed_allocations_and_events_are_sets_of_their_own()
    {
        Profile profile = ShopProfile.Build(managed: true);
        PageData page = new(PageData.Write(writer => HtmlReport.Write(profile, writer)));

        Assert.Equal(profile.Managed!.Sites.Select(site => site.Bytes), page.Column(1, "total"));
        Assert.Equal(profile.Managed.Sites.Select(site => site.Error), page.Column(1, "totalError"));
        JsonElement totals = page.Root.GetProperty("managed");
        Assert.Equal(profile.Managed.Error, totals.GetProperty("error").GetDouble());
        Assert.Equal(profile.Managed.Sites.Select(site => site.Frames.Select(Text)), page.Stacks(1));
        string[] types = [.. page.Column(1, "type").Select(i =>
            page.Root.GetProperty("strings")[(int)i].GetString()!)];
        Assert.Equal(profile.Managed.Sites.Select(site => site.Type), types);

        Assert.Equal([12.0], page.Column(2, "weight"));
        Assert.Equal(profile.Sites.Count, page.Stacks(0).Count);
    }

    [Fact]
    public void Exact_profiles_have_temporary_blocks_and_no_samples()
    {
        SampleProfile sample = new();
        sample.Site(SampleProfile.Figures(4000, 0, 10, interval: 0), "main @ /bin/a", "f @ /bin/a");
        PageData page = new(PageData.Write(writer => HtmlReport.Write(sample.Build(), writer)));
        Assert.Equal([200.0], page.Column(0, "temporary"));
        Assert.Equal("exact", page.Root.GetProperty("run").GetProperty("mode").GetString());
        Assert.False(page.Set(0).GetProperty("sites").TryGetProperty("samples", out _));
    }

    [Fact]
    public void Names_of_the_program_are_escaped()
    {
        const string Name = "f</script><script>alert(\"1\")</script><!-- 'é' 日本語 {{data}} \u2028";
        SampleProfile sample = new();
        sample.Builder.Header.ProcessId = 1;
        sample.Site(SampleProfile.Figures(4000, 4000, 10), Name);
        string text = PageData.Write(writer => HtmlReport.Write(sample.Build(), writer));
        Assert.DoesNotContain("alert(\"1\")", text, StringComparison.Ordinal);
        Assert.StartsWith(Name, new PageData(text).Stacks(0)[0][0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_matches_stacks_by_their_functions()
    {
        SampleProfile before = new(), after = new();
        before.Site(SampleProfile.Figures(1000, 500, 10), "main @ /a/prog a.c:10", "same @ /a/prog a.c:20")
            .Site(SampleProfile.Figures(300, 100, 10), "main @ /a/prog a.c:10", "gone @ /a/prog a.c:30");
        after.Site(SampleProfile.Figures(700, 600, 10), "main @ /b/prog a.c:11", "same @ /b/prog a.c:21")
            .Site(SampleProfile.Figures(70, 60, 10), "main @ /b/prog a.c:12", "same @ /b/prog a.c:25")
            .Site(SampleProfile.Figures(900, 800, 10), "main @ /b/prog a.c:11", "new @ /b/prog a.c:31");
        PageData page = new(PageData.Write(writer =>
            HtmlComparison.Write(
                new ProfileDiff(before.Build("x/1.qprof"), after.Build("y/2.qprof")), writer)));

        Assert.Equal("shop-server: 1.qprof \u2192 2.qprof", page.Root.GetProperty("title").GetString());
        Assert.Equal(
            ["same @ prog a.c:21 0", "new @ prog a.c:31 0", "gone @ prog a.c:30 0"],
            page.Stacks(0).Select(stack => stack[0]));
        Assert.Equal([660.0, 800, 0], page.Column(0, "live"));
        Assert.Equal([500.0, 0, 100], page.Column(0, "liveBefore"));
        Assert.Equal([770.0, 900, 0], page.Column(0, "total"));
        Assert.Equal([1000.0, 0, 300], page.Column(0, "totalBefore"));
        Assert.Equal(
            [Math.Sqrt(660 * 524288.0), Math.Sqrt(800 * 524288.0), 0],
            page.Column(0, "liveError").Select(error => Math.Round(error, 6)),
            (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_comparison_has_managed_allocations_if_both_profiles_have_them()
    {
        Profile with = ShopProfile.Build(managed: true), without = new SampleProfile().Build();
        static PageData Page(Profile before, Profile after) => new(PageData.Write(writer =>
            HtmlComparison.Write(new ProfileDiff(before, after), writer)));

        PageData both = Page(with, with);
        Assert.Equal("Managed allocations", both.Set(1).GetProperty("label").GetString());
        Assert.Equal(both.Column(1, "total"), both.Column(1, "totalBefore"));
        Assert.Equal(with.Managed!.Sites.Select(site => site.Bytes), both.Column(1, "total"));
        Assert.Equal(1, Page(without, with).Root.GetProperty("sets").GetArrayLength());
        Assert.Equal(1, Page(with, without).Root.GetProperty("sets").GetArrayLength());
    }

    [Fact]
    public void Modules_are_joined_after_those_that_they_import()
    {
        string script = PageScript.Join("a.js", name => name switch
        {
            "a.js" => "import { b } from \"./b.js\";\nimport {\n  c,\n} from \"./c.js\";\nconst a = b + c;\n",
            "b.js" => "import { c } from \"./c.js\";\nexport const b = c;\n",
            _ => "export function c() {}\n",
        });
        Assert.Equal(
            "(() => {\n\"use strict\";\nfunction c() {}\nconst b = c;\nconst a = b + c;\n})();\n", script);
    }

    private static string Text(Frame frame) =>
        $"{frame.Function} @ {frame.Module} {frame.File}:{frame.Line} {(int)frame.Kind}";
}
