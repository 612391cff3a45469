using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's heap profiling: options, controls, and dumps as jeprof reads them.</summary>
public sealed class JemallocProfileTests
{
    private const string Exact = "prof:true,lg_prof_sample:0";

    private static readonly TestProgram s_program = new("jemalloc_prof.c");

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(
        "everything_is_off", "options_are_printed", "controls_answer_as_in_jemalloc", "leaks",
        "threads_have_names", "intervals_and_peaks", "child_dumps_under_its_own_id",
        "dumps_while_others_allocate_and_in_handlers", "samples_are_counted_by_class",
        "every_arena_follows_the_last_switch", "samples_are_not_counted");

    [Fact]
    public void Without_the_option_nothing_exists()
    {
        string folder = Folder();
        Assert.Equal("", Start("everything_is_off", folder, "prof_final:true").Errors);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData("", "prof=0 active=1 threads=1 accum=0 gdump=0 final=0 leak=0 error=0 namespace=0",
        "prefix=jeprof sample=19 interval=-1 depth=128",
        "now: active=0 threads=0 gdump=0 thread=0 interval=0 sample=0")]
    [InlineData("prof:true", "prof=1", "now: active=1 threads=1 gdump=0 thread=1 interval=0 sample=19")]
    [InlineData("prof:true,prof_active:false,prof_thread_active_init:false,lg_prof_interval:30",
        "active=0 threads=0", "interval=30", "now: active=0 threads=0 gdump=0 thread=0 interval=1073741824")]
    [InlineData("prof:true,prof_gdump:true,lg_prof_sample:99,prof_bt_max:1000,prof_accum:true",
        "accum=1 gdump=1", "sample=63", "depth=128", "now: active=1 threads=1 gdump=1")]
    [InlineData("prof_leak:true,prof_bt_max:5,prof_pid_namespace:true,prof_prefix:/x/y",
        "prof=1", "leak=1", "namespace=1", "prefix=/x/y", "depth=5")]
    public void Options_are_read_back(string options, params string[] expected)
    {
        Outcome outcome = Start("options_are_printed", Folder(), options);
        Assert.Equal("", outcome.Errors);
        Assert.All(expected, part => Assert.Contains(part, outcome.Output));
    }

    [Fact]
    public void Controls_answer_as_in_jemalloc()
    {
        string folder = Folder();
        string errors = Start("controls_answer_as_in_jemalloc", folder, Exact).Errors;
        Assert.Equal("<jemalloc>: failed to open \"/nonexistent/x\"\n"
            + "<jemalloc>: failed to write \"/dev/full\"\n<jemalloc>: failed to open \".\"\n", errors);
        Assert.Equal(4, Directory.GetFiles(folder).Length);
        Assert.Matches(@"^jeprof\.\d+\.0\.m0\.heap$", Name(folder, "*.m0.heap"));
        Assert.Matches(@"^jeprof\.\d+\.1\.m1\.heap$", Name(folder, "*.m1.heap"));
        Assert.True(File.Exists(Path.Combine(folder, "named.heap")));
        Assert.True(File.Exists(Path.Combine(folder, "by_mib.heap")));
    }

    [Theory]
    [InlineData(Exact, 0)]
    [InlineData(Exact + ",prof_leak:true", 0)]
    [InlineData(Exact + ",prof_leak_error:true", 1)]
    public void Leaks_are_reported_at_exit(string options, int exitCode)
    {
        string folder = Folder();
        Outcome outcome = Run("leaks", folder, options + ",prof_final:true").Start().Expect(exitCode);
        string dump = File.ReadAllText(Path.Combine(folder, Name(folder, "*.f.heap")));
        Assert.Matches(@"^heap_v2/1\n  t\*: \d+: \d+ \[0: 0\]\n", dump);
        Assert.EndsWith("[vsyscall]\n", dump);
        string summary = @"^<jemalloc>: Leak approximation summary: ~\d+ bytes, ~\d+ objects, "
            + @">= \d+ contexts\n" + "<jemalloc>: Run jeprof on dump output for leak detail\n";
        string error = "<jemalloc>: Exiting with error code because memory leaks were detected\n";
        Assert.Matches(
            options == Exact ? "^$" : exitCode == 0 ? summary + "$" : summary + error + "$", outcome.Errors);
    }

    [Fact]
    public void Leak_errors_need_the_last_dump()
    {
        Outcome outcome = Start("leaks", Folder(), Exact + ",prof_leak_error:true");
        Assert.Equal("<jemalloc>: prof_leak_error is set w/o prof_final.\n", outcome.Errors);
    }

    [Theory]
    [InlineData("--inuse_space", 102400, 2007040)]
    [InlineData("--inuse_objects", 100, 10)]
    [InlineData("--alloc_space", 204800, 2007040)]
    [InlineData("--alloc_objects", 200, 10)]
    public void Jeprof_finds_the_functions_and_their_totals(string kind, long thousands, long large)
    {
        string folder = Folder();
        Start("leaks", folder, Exact + ",prof_accum:true,prof_final:true");
        string text = Jeprof(kind, folder, Name(folder, "*.f.heap"));
        Assert.Equal(thousands, Flat(text, "allocate_thousand"));
        Assert.Equal(large, Flat(text, "allocate_large"));
    }

    /// <summary>A sample of 200 KB blocks: jeprof scales it to within five standard deviations.</summary>
    [Fact]
    public void Jeprof_scales_samples()
    {
        string folder = Folder();
        Start("intervals_and_peaks", folder, "prof:true,lg_prof_sample:16,prof_final:true");
        const double Count = 50, Size = 200704;
        double p = 1 - Math.Exp(-Size / (1 << 16));
        double error = Size + (5 * Size * Math.Sqrt(Count * (1 - p) / p));
        long found = Flat(Jeprof("--inuse_space", folder, Name(folder, "*.f.heap")), "allocate_large");
        Assert.InRange(found, (Count * Size) - error, (Count * Size) + error);
    }

    [Fact]
    public void Threads_have_names_and_switches()
    {
        string folder = Folder();
        Start("threads_have_names", folder, Exact);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "threads.heap"));
        string named = Assert.Single(lines, text => text.EndsWith(" named", StringComparison.Ordinal));
        Match line = Assert.Single(Regex.Matches(named, @"^  (t\d+): 2: 2048 \[0: 0\] named$"));
        string id = line.Groups[1].Value;
        Assert.Equal(3, lines.Count(text => text.StartsWith($"  {id}: ", StringComparison.Ordinal)));
        Assert.Contains("  t*: 0: 0 [0: 0]", File.ReadAllLines(Path.Combine(folder, "reset.heap")));
        Assert.Contains("  t*: 1: 200704 [0: 0]", File.ReadAllLines(Path.Combine(folder, "after.heap")));
    }

    [Fact]
    public void Dumps_are_written_by_interval_and_at_peaks()
    {
        string folder = Folder();
        Start("intervals_and_peaks", folder, Exact + ",lg_prof_interval:22,prof_gdump:true,prof_prefix:here");

        // 150 blocks of 200 KB are seven times 4 MiB; the third fifty are no new peak.
        int[] intervals = Numbers(folder, 'i'), peaks = Numbers(folder, 'u');
        Assert.Equal(Enumerable.Range(0, 7), intervals);
        Assert.Equal(Enumerable.Range(0, peaks.Length), peaks);
        Assert.InRange(peaks.Length, 90, 130);
        int[] sequence = [.. Directory.GetFiles(folder, "here.*.heap").Select(file =>
            int.Parse(file.Split('.')[^3], CultureInfo.InvariantCulture)).Order()];
        Assert.Equal(Enumerable.Range(0, intervals.Length + peaks.Length), sequence);
    }

    [Fact]
    public void Child_of_fork_dumps_under_its_own_id()
    {
        string folder = Folder();
        Outcome outcome = Start("child_dumps_under_its_own_id", folder, Exact + ",prof_final:true");
        string[] ids = outcome.Output.Trim().Split(' ');
        Assert.Equal(
            [$"jeprof.{ids[0]}.0.m0.heap", $"jeprof.{ids[0]}.1.f.heap", $"jeprof.{ids[1]}.0.m0.heap",
                $"jeprof.{ids[1]}.1.m1.heap", $"jeprof.{ids[1]}.2.f.heap"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string Text(string name) => Jeprof("--inuse_space", folder, name);
        Assert.Equal((1024, 0), Found(Text($"jeprof.{ids[0]}.0.m0.heap")));
        Assert.Equal((1024, 200704), Found(Text($"jeprof.{ids[1]}.0.m0.heap")));
        Assert.Equal((0, 200704), Found(Text($"jeprof.{ids[1]}.1.m1.heap")));
    }

    [Fact]
    public void Dumps_are_safe_beside_threads_and_in_handlers() =>
        Assert.DoesNotContain("open", Start(
            "dumps_while_others_allocate_and_in_handlers", Folder(), "prof:true,lg_prof_sample:10").Errors);

    [Fact]
    public void A_dump_that_cannot_be_written_is_reported()
    {
        string folder = Folder();
        Outcome outcome = Start("leaks", folder, Exact + ",prof_final:true,prof_prefix:/nonexistent/x");
        Assert.Matches(
            "^<jemalloc>: failed to open \"/nonexistent/x[.][0-9]+[.]0[.]f[.]heap\"\n$", outcome.Errors);
        Outcome none = Start("leaks", folder, Exact + ",prof_final:true,prof_prefix:");
        Assert.Equal(("", 0), (none.Errors, Directory.GetFiles(folder).Length));
    }

    [Fact]
    public void A_profile_file_has_precedence()
    {
        string folder = Folder();
        Outcome outcome = Run("leaks", folder, Exact + ",prof_final:true")
            .With("QUARRY_PROFILE", Path.Combine(folder, "file")).Start().ExpectSuccess();
        Assert.Equal("<jemalloc>: prof:true has no effect, because QUARRY_PROFILE records this process.\n",
            outcome.Errors);
        Assert.EndsWith(".qprof", Assert.Single(Directory.GetFiles(folder)));
    }

    [Fact]
    public void Samples_are_counted_by_class_on_request()
    {
        _ = Start("samples_are_counted_by_class", Folder(), Exact + ",prof_stats:true");
        _ = Start("samples_are_not_counted", Folder(), Exact);
        _ = Start("samples_are_not_counted", Folder(), "prof_stats:true");
    }

    [Fact]
    public void Every_arena_follows_the_last_switch() =>
        Start("every_arena_follows_the_last_switch", Folder(), Exact + ",prof_stats:true");

    [Fact]
    public void A_full_disk_is_reported_and_harmless()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder();
        string script = $"mount -t tmpfs -o size=4k none {folder} && cd {folder} && "
            + "echo > taken && "
            + $"LD_PRELOAD={LibraryUnderTest.Preload} exec {s_program.Path} leaks";
        Outcome outcome = MountNamespace.Run(script)
            .With("MALLOC_CONF", Exact + ",prof_final:true,prof_leak_error:true").Start().ExpectSuccess();
        Assert.Matches("^<jemalloc>: failed to write \"jeprof[.][0-9]+[.]0[.]f[.]heap\"\n$", outcome.Errors);
    }

    private static Outcome Start(string name, string folder, string options) =>
        Run(name, folder, options).Start().ExpectSuccess();

    private static Run Run(string name, string folder, string options)
    {
        LibraryUnderTest.RequireQuarry();
        return new Run(s_program.Path, name) { Preload = LibraryUnderTest.Preload, Folder = folder }
            .With("MALLOC_CONF", options);
    }

    private static string Folder() => Directory.CreateTempSubdirectory("quarry-dumps-").FullName;

    private static string Name(string folder, string pattern) =>
        Path.GetFileName(Assert.Single(Directory.GetFiles(folder, pattern)));

    private static int[] Numbers(string folder, char kind) =>
    [
        .. Directory.GetFiles(folder, $"*.{kind}*.heap")
            .Select(file => int.Parse(file.Split('.')[^2][1..], CultureInfo.InvariantCulture)).Order(),
    ];

    private static string Jeprof(string kind, string folder, string file) =>
        new Run(Tool.Require("jeprof"), "--text", "--show_bytes", kind, s_program.Path, file)
        {
            Folder = folder,
        }.Start().ExpectSuccess().Output;

    private static (long Thousands, long Large) Found(string text) =>
        (Flat(text, "allocate_thousand"), Flat(text, "allocate_large"));

    private static long Flat(string text, string function) => text.Split('\n')
        .Where(line => line.EndsWith(" " + function, StringComparison.Ordinal))
        .Select(line => long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture))
        .SingleOrDefault();
}
