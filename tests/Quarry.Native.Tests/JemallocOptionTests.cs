using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's options, from the environment and from variables of the program.</summary>
public sealed class JemallocOptionTests
{
    private static readonly TestProgram s_program = new("jemalloc_options.c");

    [Fact]
    public void Every_case_is_named() =>
        s_program.HasExactly("print", "allocates", "realloc_of_nothing", "report", "nothing");

    [Theory]
    [InlineData("", "dirty=1000 muzzy=0", "decay=1000 new=1000")]
    [InlineData("dirty_decay_ms:5000,muzzy_decay_ms:30000", "dirty=5000 muzzy=30000", "decay=5000 new=5000")]
    [InlineData("dirty_decay_ms:-1,muzzy_decay_ms:-1", "dirty=-1 muzzy=-1", "decay=-1 new=-1")]
    [InlineData("dirty_decay_ms:9000000000", "dirty=9000000000", "decay=9000000000 new=9000000000")]
    [InlineData("dirty_decay_ms:0x10,muzzy_decay_ms: 010", "dirty=16 muzzy=8")]
    [InlineData("dirty_decay_ms:1,dirty_decay_ms:2", "dirty=2")]
    [InlineData("zero_realloc:alloc,abort:true,abort_conf:true", "zero_realloc=alloc abort=1 abort_conf=1")]
    [InlineData("stats_print_opts:JJgx?a", "stats_print=0 letters=Jgxa")]
    [InlineData("decay_ms:300,foreign:abort", "dirty=300", "abort=1")]
    [InlineData("narenas:2,background_thread:true,thp:never,retain:false,oversize_threshold:0", "dirty=1000")]
    [InlineData("metadata_thp:auto,lg_tcache_max:16,tcache:false,dss:primary", "dirty=1000")]
    [InlineData("dirty_decay_ms:5,prof_prefix:", "dirty=5")]
    [InlineData("percpu_arena:percpu,max_background_threads:1", "dirty=1000")]
    public void Options_are_in_force(string options, params string[] expected)
    {
        Outcome outcome = Print(options);
        Assert.Equal("", outcome.Errors);
        Assert.All(expected, part => Assert.Contains(part, outcome.Output));
        Assert.Contains($"env_var={LibraryUnderTest.Options(options)}\n", outcome.Output);
    }

    [Theory]
    [InlineData("nonsense:1", "Invalid conf pair: nonsense:1")]
    [InlineData("purge:decay", "Invalid conf pair: purge:decay")]
    [InlineData("prof:on", "Invalid conf value: prof:on")]
    [InlineData("lg_prof_interval:64", "Out-of-range conf value: lg_prof_interval:64")]
    [InlineData("prof_everything:true", "Invalid conf pair: prof_everything:true")]
    [InlineData("utrace:true", "Invalid conf pair: utrace:true")]
    [InlineData("junk:yes", "Invalid conf value: junk:yes")]
    [InlineData("zero:1", "Invalid conf value: zero:1")]
    [InlineData("xmalloc:always", "Invalid conf value: xmalloc:always")]
    [InlineData("dirty_decay_ms:x", "Invalid conf value: dirty_decay_ms:x")]
    [InlineData("dirty_decay_ms:1 ", "Invalid conf value: dirty_decay_ms:1 ")]
    [InlineData("tcache_max:99999999999999999999", "Invalid conf value: tcache_max:99999999999999999999")]
    [InlineData("dirty_decay_ms:-2", "Out-of-range conf value: dirty_decay_ms:-2")]
    [InlineData("stats_interval:-2", "Out-of-range conf value: stats_interval:-2")]
    [InlineData("stats_interval:often", "Invalid conf value: stats_interval:often")]
    [InlineData("narenas:0", "Out-of-range conf value: narenas:0")]
    [InlineData("abort:yes", "Invalid conf value: abort:yes")]
    [InlineData("thp:sometimes", "Invalid conf value: thp:sometimes")]
    [InlineData("limit:much", "Invalid conf value: limit:much")]
    [InlineData("ab-c:1", "Malformed conf string -- ab-c:1")]
    [InlineData("tcache", "Conf string ends with key -- tcache")]
    [InlineData("tcache:true,", "Conf string ends with comma -- tcache:true,")]
    public void An_invalid_option_is_reported_and_skipped(string options, string message)
    {
        Assert.Equal($"<jemalloc>: {message}\n", Print(options).Errors);
        Outcome after = Print("muzzy_decay_ms:7," + options);
        Assert.Equal($"<jemalloc>: {message}\n", after.Errors);
        Assert.Contains("muzzy=7", after.Output);
    }

    [Fact]
    public void Abort_conf_ends_the_program()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Case("nothing", "abort_conf:true,nonsense:1").Start();
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.StartsWith("<jemalloc>: Invalid conf pair: nonsense:1\n"
            + "<jemalloc>: Abort (abort_conf:true) on invalid conf value (see above).\n", outcome.Errors);
        _ = Case("nothing", "abort_conf:true,experimental_nonsense:1").Start().ExpectSuccess();
        _ = Case("nothing", "nonsense:1").Start().ExpectSuccess();
    }

    [Fact]
    public void The_image_for_debugging_has_the_defaults_of_a_debug_build()
    {
        LibraryUnderTest.RequireQuarry();
        string image = System.IO.Path.Combine(LibraryUnderTest.Folder, "libquarry-debug.so");
        Assert.SkipUnless(System.IO.File.Exists(image), "libquarry-debug.so was not built");
        Run Run(string options) => new Run(s_program.Path, "print")
        {
            Preload = image,
            HasOwnDefaults = true,
        }.With("MALLOC_CONF", options);
        string output = Run("").Start().ExpectSuccess().Output;
        Assert.Contains("abort=1 abort_conf=1 junk=true", output);
        output = Run("abort:false,abort_conf:false,junk:false").Start().ExpectSuccess().Output;
        Assert.Contains("abort=0 abort_conf=0 junk=false", output);
        Assert.Contains("(abort_conf:true)", Run("nonsense:1").Start().Errors);
    }

    [Fact]
    public void Confirm_conf_names_each_source()
    {
        string[] lines = Print("confirm_conf:true,dirty_decay_ms:5").Errors.Split('\n');
        Assert.Contains("<jemalloc>: malloc_conf #4 (value of the environment variable MALLOC_CONF): "
            + $"\"{LibraryUnderTest.Options("confirm_conf:true,dirty_decay_ms:5")}\"", lines);
        Assert.Contains("<jemalloc>: -- Set conf value: dirty_decay_ms:5", lines);
        Assert.Equal(5, lines.Count(line => line.Contains("<jemalloc>: malloc_conf #")));
    }

    [Fact]
    public void Quarrys_own_variable_has_precedence()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Case("print", "dirty_decay_ms:5").With("QUARRY_CONF", "decay_ms:6").Start();
        Assert.Contains("dirty=6", outcome.ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("", "freed")]
    [InlineData("zero_realloc:free", "freed")]
    [InlineData("zero_realloc:alloc", "allocated")]
    public void Realloc_to_nothing_follows_the_option(string options, string expected)
    {
        LibraryUnderTest.RequireQuarry();
        Assert.Equal(expected + "\n", Case("realloc_of_nothing", options).Start().ExpectSuccess().Output);
    }

    [Fact]
    public void Statistics_are_printed_at_exit()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Case("print", "stats_print:true,stats_print_opts:gbl").Start().ExpectSuccess();
        Assert.StartsWith("___ Begin jemalloc statistics ___\nAllocated: ", outcome.Errors);
        Assert.EndsWith("--- End jemalloc statistics ---\n", outcome.Errors);
    }

    /// <summary>
    /// 96 MiB in all; a thread may allocate up to the interval, or 4 MiB if that is less, before it notices.
    /// </summary>
    [Theory]
    [InlineData("stats_interval:4194304,stats_interval_opts:gmdablxeh?", 4194304, "gmdablxeh", 11, 24)]
    [InlineData("stats_interval:0x2000000,stats_interval_opts:Jg", 33554432, "Jg", 2, 3)]
    [InlineData("stats_interval:-1,stats_interval_opts:gab", -1, "gab", 0, 0)]
    public void Statistics_are_printed_at_intervals(
        string options, long interval, string letters, int least, int most)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Case("allocates", options).Start().ExpectSuccess();
        Assert.Equal($"interval={interval} letters={letters}\n", outcome.Output);
        string text = outcome.Errors;
        string start = letters.Contains('J') ? "{\"jemalloc\":{" : "___ Begin jemalloc statistics ___\n";
        string end = letters.Contains('J') ? "}}}\n" : "--- End jemalloc statistics ---\n";
        string[] reports = text.Split(start)[1..];
        Assert.InRange(reports.Length, least, most);
        Assert.All(reports, report => Assert.EndsWith(end, report));
    }

    [Fact]
    public void Statistics_at_intervals_go_to_the_programs_function()
    {
        LibraryUnderTest.RequireQuarry();
        string program = Compiler.Build(
            "jemalloc_options.c", "jemalloc_options_messages", "gcc", "-std=gnu17", "-DWITH_MESSAGES",
            "-rdynamic");
        Outcome outcome = new Run(program, "allocates") { Preload = LibraryUnderTest.Preload }
            .With("MALLOC_CONF", "stats_interval:4194304").Start().ExpectSuccess();
        Assert.Equal("", outcome.Errors);
        Assert.Contains("___ Begin jemalloc statistics ___\n", outcome.Output);
        Assert.EndsWith("--- End jemalloc statistics ---\n", outcome.Output);
    }

    [Fact]
    public void The_link_in_etc_comes_before_the_environment()
    {
        LibraryUnderTest.RequireQuarry();
        const string Link = "dirty_decay_ms:4000,stats_print_opts:gx";
        string script = $"mount -t tmpfs none /etc && ln -s {Link} /etc/malloc.conf && "
            + $"LD_PRELOAD={LibraryUnderTest.Preload} exec {s_program.Path} print";
        string alone = MountNamespace.Run(script).Start().ExpectSuccess().Output;
        Assert.Contains("dirty=4000", alone);
        Assert.Contains("letters=gx", alone);
        Assert.Contains($"symlink={Link}\n", alone);
        string both = MountNamespace.Run(script).With("MALLOC_CONF", "dirty_decay_ms:5").Start()
            .ExpectSuccess().Output;
        Assert.Contains("dirty=5", both);
        Assert.Contains("letters=gx", both);
    }

    [Fact]
    public void Variables_of_the_program_come_before_and_after_the_environment()
    {
        LibraryUnderTest.RequireQuarry();
        string program = Compiler.Build(
            "jemalloc_options.c", "jemalloc_options_variables", "gcc", "-std=gnu17", "-DWITH_VARIABLES",
            "-rdynamic");
        Run Run(string options) => new Run(program, "print") { Preload = LibraryUnderTest.Preload }
            .With("MALLOC_CONF", options);
        string alone = Run("").Start().ExpectSuccess().Output;
        Assert.Contains("dirty=7000", alone);
        Assert.Contains("letters=mab", alone);
        Assert.Contains("global_var=dirty_decay_ms:7000,stats_print_opts:Jg", alone);
        Assert.Contains("dirty=8", Run("dirty_decay_ms:8").Start().ExpectSuccess().Output);
    }

    private static Outcome Print(string options)
    {
        LibraryUnderTest.RequireQuarry();
        return Case("print", options).Start().ExpectSuccess();
    }

    private static Run Case(string name, string options) =>
        s_program.Case(name).With("MALLOC_CONF", options);
}
