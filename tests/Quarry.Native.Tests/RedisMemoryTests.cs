using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>redis-server, which is linked to jemalloc, asks for its memory.</summary>
public sealed class RedisMemoryTests
{
    private static readonly string s_link = Path.Combine(LibraryUnderTest.Folder, "libjemalloc.so.2");

    [Fact]
    public void The_link_has_the_name_that_programs_are_linked_to() => Assert.Contains(
        "Library soname: [libjemalloc.so.2]",
        new Run(Tool.Require("readelf"), "-d", Path.Combine(s_link, "libjemalloc.so.2")).Start()
            .ExpectSuccess().Output);

    [Theory]
    [InlineData("preloaded")]
    [InlineData("in place of libjemalloc.so.2")]
    public void The_numbers_that_redis_reports_are_those_of_the_heap(string way)
    {
        LibraryUnderTest.RequireQuarry();
        _ = Tool.Require("redis-server");
        _ = Tool.Require("redis-cli");
        string scripts = Path.Combine(Repository.Sources, "real");
        bool preloaded = way == "preloaded";
        Run run = new("bash", Path.Combine(scripts, "redis_memory.sh"))
        {
            Folder = Repository.FreshFolder(preloaded ? "real-redis-memory" : "real-redis-linked"),
            Preload = preloaded ? LibraryUnderTest.Preload : null,
            Seconds = 180,
        };
        Outcome outcome = (preloaded ? run : run.With("LD_LIBRARY_PATH", s_link)).Start().ExpectSuccess();
        Dictionary<string, string> values = outcome.Output.Split('\n')
            .Where(line => line.Contains('='))
            .ToDictionary(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);
        Assert.SkipUnless(values["allocator"].StartsWith("jemalloc", System.StringComparison.Ordinal),
            "redis-server is not built for jemalloc");
        Assert.Equal(preloaded ? LibraryUnderTest.Preload : Path.Combine(s_link, "libjemalloc.so.2"),
            values["library"]);
        double Number(string name) => double.Parse(values[name], CultureInfo.InvariantCulture);

        // The values alone are 100 MB; redis counts usable sizes, and does not see what libraries allocate.
        Assert.InRange(Number("allocated"), Number("used"), Number("used") * 1.05);
        Assert.InRange(Number("stats"), Number("used"), Number("used") * 1.05);
        Assert.InRange(Number("report"), Number("used"), Number("used") * 1.05);
        Assert.InRange(Number("active"), Number("allocated"), Number("allocated") * 1.25);
        Assert.InRange(Number("resident"), Number("active"), Number("active") * 1.25);
        Assert.True(Number("doctor") > 0);
        Assert.Equal("OK", values["purge"]);
        Assert.InRange(Number("after"), 1, Number("before") / 2);
    }
}
