using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Quarry.Cli.Profiles.Html;
using Quarry.Cli.Profiles.Model;
using Xunit;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>The pages in a browser: what a reader sees, and that nothing is written to the console.</summary>
/// <remarks>
/// The environment variable QUARRY_TEST_PAGES names a folder in which the pages are kept, to be looked at.
/// </remarks>
public sealed class HtmlPageTests
{
    private const string Press = "const press = (key, at = document.activeElement) => " +
        "at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); " +
        "const all = (selector) => [...document.querySelectorAll(selector)]; " +
        "const labels = () => all('g.frame').map((g) => g.getAttribute('name')); ";

    [Theory]
    [InlineData(3)]
    [InlineData(20_000)]
    public void A_report_shows_frames_and_sites(int sites)
    {
        string page = Report(SampleProfile.Large(sites).Build(), $"sites-{sites}");
        JsonElement flame = Run(page, "flame", "return JSON.stringify({ frames: all('g.frame').length, " +
            "labels: all('.d3-flame-graph-label').filter((l) => l.textContent !== '').length, " +
            "height: document.querySelector('.flame svg').clientHeight });");
        Assert.InRange(flame.GetProperty("frames").GetInt32(), sites == 3 ? 10 : 500, 20_000);
        Assert.InRange(flame.GetProperty("labels").GetInt32(), 10, 20_000);
        Assert.InRange(flame.GetProperty("height").GetInt32(), 200, 4000);

        JsonElement table = Run(page, "sites",
            "document.querySelector('#panel-sites .pages button:last-of-type').click(); " +
            "return JSON.stringify({ rows: all('#panel-sites tr.row').length, " +
            "status: document.querySelector('#panel-sites .pages output').textContent });");
        Assert.Equal(sites == 3 ? 3 : 100, table.GetProperty("rows").GetInt32());
        Assert.Equal(
            sites == 3 ? "1 to 3 of 3" : "101 to 200 of 20\u202f000",
            table.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("timeline", "canvas, .u-legend tr.u-series", 6)]
    [InlineData("leaks", "tr.row", 10)]
    [InlineData("threads", "tbody tr", 5)]
    [InlineData("sizes", "tbody tr, .levels dt", 22)]
    [InlineData("events", "tr.row, g.frame", 6)]
    public void Each_part_of_a_report_is_shown(string part, string selector, int expected)
    {
        string page = Report(ShopProfile.Build(), "report");
        JsonElement count = Run(page, part, $"return all('#panel-{part} :is({selector})').length;");
        Assert.Equal(expected, count.GetInt32());
    }

    [Fact]
    public void Frames_of_the_runtime_are_folded_until_they_are_asked_for()
    {
        JsonElement names = Run(Report(ShopProfile.Build(), "report"), "flame", "const folded = labels(); " +
            "document.querySelectorAll('.toolbar input[type=checkbox]')[1].click(); " +
            "return JSON.stringify([folded, labels()]);");
        Assert.Contains("(runtime)", names[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("libcoreclr.so!", names[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("(runtime)", names[1].ToString(), StringComparison.Ordinal);
        Assert.Contains("libcoreclr.so!0x50a3c0", names[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_flame_graph_follows_the_keyboard()
    {
        JsonElement steps = Run(Report(ShopProfile.Build(), "report"), "flame",
            "const name = () => document.activeElement.getAttribute('name'); const seen = []; " +
            "document.querySelector('g[tabindex]').focus(); seen.push(name()); " +
            "press('ArrowDown'); seen.push(name()); " +
            "press('ArrowDown'); press('ArrowUp'); seen.push(name()); " +
            "press('ArrowRight'); seen.push(name()); " +
            "const wide = labels().length; press('Enter'); seen.push(name()); " +
            "seen.push(labels().length < wide && document.activeElement.getBoundingClientRect().width > " +
            "0.99 * document.querySelector('.flame svg').getBoundingClientRect().width); " +
            "press('Escape'); seen.push(labels().length === wide); " +
            "return JSON.stringify(seen);");
        const string Start = "\"start_thread\"", Main = "\"__libc_start_main\"";
        Assert.Equal($"[\"all\",{Start},{Start},{Main},{Main},true,true]", steps.ToString());
    }

    [Fact]
    public void Tabs_follow_the_keyboard()
    {
        JsonElement tab = Run(Report(ShopProfile.Build(), "report"), "flame",
            "document.querySelector('[role=tab]').focus(); press('ArrowRight'); press('ArrowRight'); " +
            "return JSON.stringify([document.activeElement.textContent, location.hash, " +
            "all('[role=tabpanel]:not([hidden])').length]);");
        Assert.Equal("[\"Sites\",\"#sites\",1]", tab.ToString());
    }

    [Fact]
    public void The_metric_and_the_order_of_the_flame_graph_can_be_changed()
    {
        JsonElement widest = Run(Report(ShopProfile.Build(), "report"), "flame",
            "const choose = (i, value) => { const s = document.querySelectorAll('.toolbar select')[i]; " +
            "s.value = value; s.dispatchEvent(new Event('change')); }; const top = () => all('g.frame') " +
            ".filter((g) => g.__data__.depth === 1).sort((a, b) => b.__data__.value - a.__data__.value)[0] " +
            ".getAttribute('name'); choose(1, 'bottomUp'); const live = top(); choose(0, 'total'); " +
            "return JSON.stringify([live, top(), document.querySelector('.details').textContent]);");
        Assert.Equal("sk_malloc_flags", widest[0].GetString());
        Assert.Equal("sqlite3Malloc", widest[1].GetString());
        Assert.StartsWith("all", widest[2].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sites_can_be_searched_sorted_and_opened()
    {
        JsonElement sites = Run(Report(ShopProfile.Build(), "report"), "sites",
            "const search = document.querySelector('#panel-sites .search'); search.value = 'sqlite3.c'; " +
            "search.dispatchEvent(new Event('input')); await new Promise((done) => setTimeout(done, 300)); " +
            "all('#panel-sites th button').find((b) => b.textContent === 'Total').click(); " +
            "document.querySelector('#panel-sites tr.row').click(); " +
            "return JSON.stringify([all('#panel-sites tr.row').length, " +
            "document.querySelector('#panel-sites .stack li').textContent, " +
            "all('#panel-sites .stack li').length, " +
            "document.querySelector('#panel-sites .toolbar output').textContent]);");
        Assert.Equal(3, sites[0].GetInt32());
        Assert.Equal("sqlite3Malloclibe_sqlite3.sosqlite3.c:30911", sites[1].GetString());
        Assert.Equal(11, sites[2].GetInt32());
        Assert.StartsWith("3 sites, 63.0 MiB", sites[3].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_heaps_of_a_dotnet_program_are_beside_each_other()
    {
        JsonElement heaps = Run(Report(ShopProfile.Build(managed: true), "managed"), "flame",
            "return JSON.stringify([all('.graphs h2').map((h) => h.textContent), " +
            "all('.graphs svg').map((s) => s.querySelectorAll('g.frame').length)]);");
        Assert.Equal("[\"Native heap\",\"Managed allocations\"]", heaps[0].ToString());
        Assert.All(heaps[1].EnumerateArray(), frames => Assert.InRange(frames.GetInt32(), 4, 100));
    }

    [Fact]
    public void A_frame_leads_to_its_sites()
    {
        JsonElement sites = Run(Report(ShopProfile.Build(managed: true), "managed"), "flame",
            "const click = (e) => e.dispatchEvent(new MouseEvent('click', { bubbles: true })); " +
            "const second = (s) => all('.graphs > :nth-child(2) ' + s); " +
            "click(second('g.frame').find((g) => g.getAttribute('name').includes('Json'))); " +
            "click(second('button').find((b) => b.textContent === 'List sites')); " +
            "return JSON.stringify([location.hash, document.querySelector('#panel-sites .search').value, " +
            "all('#panel-sites tr.row b').map((b) => b.textContent)]);");
        Assert.Equal("#sites", sites[0].GetString());
        Assert.Equal("System.Text.Json.JsonSerializer.SerializeToUtf8Bytes<T>(T)", sites[1].GetString());
        Assert.Equal([sites[1].GetString()], sites[2].EnumerateArray().Select(s => s.GetString()));
    }

    [Fact]
    public void Names_of_the_program_are_shown_as_text()
    {
        const string Name = "f</script><img src=x onerror=alert(1)> \"q\" 'é' 日本語";
        SampleProfile sample = new();
        sample.Site(SampleProfile.Figures(4000, 4000, 10, interval: 0), Name, "inner");
        string page = Report(sample.Build(), "names");
        JsonElement names = Run(page, "flame", "return JSON.stringify([labels(), all('img').length]);");
        Assert.Equal(Name, names[0][1].GetString());
        Assert.Equal(0, names[1].GetInt32());
    }

    [Fact]
    public void A_profile_without_any_site_is_shown()
    {
        JsonElement text = Run(Report(new SampleProfile().Build(), "empty"), "flame",
            "all('[role=tab]').forEach((t) => t.click()); " +
            "return JSON.stringify(all('.empty').map((e) => e.textContent));");
        Assert.Equal(
            "[\"In use at the end: none\",\"The program was too short for a timeline.\"]", text.ToString());
    }

    [Fact]
    public void A_comparison_shows_what_has_grown()
    {
        ProfileDiff diff = new(ShopProfile.Build(growth: 0.4), ShopProfile.Build(growth: 1));
        string page = Keep(
            PageData.Write(writer => HtmlComparison.Write(diff, writer)), "comparison");
        JsonElement flame = Run(page, "flame", "return JSON.stringify([all('g.frame').length, " +
            "document.querySelector('.details').textContent]);");
        Assert.InRange(flame[0].GetInt32(), 30, 300);
        Assert.StartsWith("all+170 MiB", flame[1].GetString(), StringComparison.Ordinal);

        JsonElement rows = Run(page, "sites", "return JSON.stringify(all('#panel-sites tr.row')" +
            ".map((r) => [...r.cells].map((c) => c.innerText.trim())));");
        Assert.Equal(10, rows.GetArrayLength());
        Assert.Equal("+156 MiB", rows[0][1].GetString());
    }

    [Fact]
    public void A_comparison_shows_managed_allocations_beside_native_ones()
    {
        ProfileDiff diff = new(
            ShopProfile.Build(growth: 0.4, managed: true), ShopProfile.Build(growth: 1, managed: true));
        string page = PageData.Write(writer => HtmlComparison.Write(diff, writer));
        JsonElement titles = Run(
            page, "flame", "return JSON.stringify(all('#panel-flame h2').map((h) => h.textContent));");
        Assert.Equal("[\"Native heap\",\"Managed allocations\"]", titles.ToString());

        JsonElement rows = Run(page, "sites",
            "const [heap] = all('#panel-sites select'); heap.value = '1'; " +
            "heap.dispatchEvent(new Event('change', { bubbles: true })); " +
            "return JSON.stringify([all('#panel-sites select')[1].value, " +
            "...all('#panel-sites tr.row').map((r) => [...r.cells].map((c) => c.innerText.trim()))]);");
        Assert.Equal("total", rows[0].GetString());
        Assert.Equal(5, rows.GetArrayLength());
        Assert.Contains("640 MiB", rows.ToString(), StringComparison.Ordinal);
        Assert.All(rows.EnumerateArray().Skip(1), row =>
            Assert.StartsWith("± ", row[2].GetString(), StringComparison.Ordinal));
    }

    private static JsonElement Run(string page, string part, string script) =>
        JsonDocument.Parse(Browser.Run(page, part, Press + script)).RootElement;

    private static string Report(Profile profile, string name) =>
        Keep(PageData.Write(writer => HtmlReport.Write(profile, writer)), name);

    private static string Keep(string page, string name)
    {
        if (Environment.GetEnvironmentVariable("QUARRY_TEST_PAGES") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".html"), page, new UTF8Encoding(false));
        }

        return page;
    }
}
