using System;
using System.IO;
using System.Text.RegularExpressions;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Tests.Profiles.Html;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>
/// Each format is read by the program it is for, which has to show the figures and the names.
/// </summary>
public sealed partial class FormatReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string format, ProfileBuilder? builder = null)
    {
        IFormat<Profile> writer = ProfileFormats.All.Named(format);
        string path = _folder.File("example" + writer.Extension);
        using FileStream stream = File.Create(path);
        writer.Write(Examples.Named(builder ?? Examples.WithNames()), stream, new FormatOptions());
        return path;
    }

    private string Run(string tool, params string[] arguments) =>
        ExternalTool.Run(_folder.FullName, tool, arguments);

    [Theory]
    [InlineData("alloc_space", "5160B total", "5096B")]
    [InlineData("inuse_space", "3136B total", "3072B")]
    [InlineData("alloc_objects", "15 total", "14 ")]
    [InlineData("peak_space", "5160B total", "5096B")]
    public void Go_pprof_shows_the_figures(string index, string total, string site)
    {
        string text = Run("go", "tool", "pprof", "-sample_index=" + index, "-top", Write("pprof"));
        Assert.Contains(total, text, StringComparison.Ordinal);
        Assert.Contains(site, text, StringComparison.Ordinal);
        Assert.Contains("strdup", text, StringComparison.Ordinal);
        Assert.Contains("Type: " + index, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Go_pprof_shows_inlined_functions_and_lines_in_order()
    {
        string text = Run("go", "tool", "pprof", "-sample_index=alloc_space", "-lines", "-traces",
            Write("pprof"));
        Assert.Matches(
            @"1000B\s+strdup\s+next_token \S*app\.c:7 \(inline\)\s+parse \S*app\.c:99\s+main \S*app\.c:10",
            text);
        Assert.Contains("App.Cache.Add(System.String)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--alloc_space", 5160, 5096)]
    [InlineData("--inuse_space", 3136, 3072)]
    [InlineData("--alloc_objects", 15, 14)]
    [InlineData("--inuse_objects", 4, 3)]
    public void Jeprof_shows_the_figures(string metric, long total, long site) =>
        AssertPerl(Run("jeprof", "--text", "--show_bytes", metric, Write("jeprof")), total, site);

    [Theory]
    [InlineData("jeprof", "--alloc_space", 5160, 5096)]
    [InlineData("google-pprof", "--alloc_space", 5160, 5096)]
    [InlineData("google-pprof", "--inuse_space", 3136, 3072)]
    [InlineData("google-pprof", "--alloc_objects", 15, 14)]
    public void Gperftools_shows_the_figures(string tool, string metric, long total, long site) =>
        AssertPerl(Run(tool, "--text", "--show_bytes", metric, Write("gperftools")), total, site);

    [Fact]
    public void Jeprof_shows_inlined_functions_in_order()
    {
        string text = Run("jeprof", "--collapsed", "--show_bytes", "--alloc_space", Write("jeprof"));
        Assert.Contains("main;parse;next_token[inline];strdup", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Heaptrack_shows_the_figures()
    {
        string text = Run("heaptrack_print", "-l", "1", "-f", Write("heaptrack"));
        Assert.Contains("total runtime: 2.0", text, StringComparison.Ordinal);
        Assert.Contains("calls to allocation functions: 15 ", text, StringComparison.Ordinal);
        Assert.Contains("peak heap memory consumption: 5.16K", text, StringComparison.Ordinal);
        Assert.Contains("total memory leaked: 3.14K", text, StringComparison.Ordinal);
        Assert.Contains("temporary memory allocations: 0 ", text, StringComparison.Ordinal);
        Assert.Contains("next_token", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Heaptrack_shows_temporary_blocks_and_those_freed_before_and_after_the_peak()
    {
        ProfileBuilder builder = new();
        builder.Site(
            new ProfileSite
            {
                Bytes = 100_000,
                Blocks = ProfileBuilder.Fixed(1000),
                AtPeakBytes = 30_000,
                AtPeakBlocks = ProfileBuilder.Fixed(300),
                LiveBytes = 1003,
                LiveBlocks = ProfileBuilder.Fixed(10),
                TemporaryBlocks = ProfileBuilder.Fixed(250),
                PeakEpoch = 7,
            },
            [Examples.Leak, Examples.Main]);
        string text = Run("heaptrack_print", "-f", Write("heaptrack", builder));
        Assert.Contains("calls to allocation functions: 1000 ", text, StringComparison.Ordinal);
        Assert.Contains("temporary memory allocations: 250 ", text, StringComparison.Ordinal);
        Assert.Contains("peak heap memory consumption: 30.00K", text, StringComparison.Ordinal);
        Assert.Contains("total memory leaked: 1.00K", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_viewer_of_dhat_shows_the_figures()
    {
        string viewer = ExternalTool.AnyFile("dh_view.js",
            ["/usr/libexec/valgrind/dh_view.js", "/usr/lib/valgrind/dh_view.js"]);
        string script = _folder.File("view.js");
        File.WriteAllText(script, DhatViewer.Script);
        string text = Run("node", script, viewer, Write("dhat"));
        Assert.Equal("total 5160 15 peak 5160 15 end 3136 4\n", text);
    }

    [Fact]
    public void Speedscope_accepts_the_file()
    {
        string schema = SpeedscopePackage.Schema();
        string script = _folder.File("check.js");
        File.WriteAllText(script, SpeedscopePackage.Script);
        Assert.Equal("valid\n", Run("node", script, schema, Write("speedscope")));
    }

    [Fact]
    public void The_page_of_speedscope_shows_the_functions()
    {
        string page = SpeedscopePackage.Page();
        string contents = Convert.ToBase64String(File.ReadAllBytes(Write("speedscope")));

        // Flame charts are images. The view "Sandwich", by the key 3, is a table, whose rows are created when
        // it is scrolled.
        string script = _folder.File("load.js");
        File.WriteAllText(script, $$"""
            speedscope.loadFileFromBase64("example.speedscope.json", "{{contents}}");
            setInterval(() => {
                window.dispatchEvent(new KeyboardEvent("keypress", { key: "3" }));
                window.dispatchEvent(new Event("resize"));
                document.querySelectorAll("*").forEach((e) => e.dispatchEvent(new Event("scroll")));
            }, 200);
            """);
        string document = Browser.Load($"file://{page}#localProfilePath={script}");
        Assert.Contains("<title>app --port 80 - speedscope</title>", document, StringComparison.Ordinal);
        Assert.All(
            ["in use", "allocated", "allocations", ">strdup<", ">main<", ">App.Cache.Add(System.String)<"],
            text => Assert.Contains(text, document, StringComparison.Ordinal));
        Assert.Matches(@">3\.06 KB \(100%\)<.*>main<", document.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Readers_accept_a_profile_without_sites()
    {
        ProfileBuilder empty = new();
        Assert.Contains("0 total",
            Run("go", "tool", "pprof", "-top", "-sample_index=alloc_objects", Write("pprof", empty)),
            StringComparison.Ordinal);
        Run("heaptrack_print", "-f", Write("heaptrack", empty));
    }

    private static void AssertPerl(string text, long total, long site)
    {
        Assert.Contains($"Total: {total} ", text, StringComparison.Ordinal);
        Assert.Contains(Rows().Matches(text), row => long.Parse(row.Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture) == site);
        Assert.Contains("strdup", text, StringComparison.Ordinal);
        Assert.Contains("App.Cache.Add", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*(\d+)\s+\d+\.\d%", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
