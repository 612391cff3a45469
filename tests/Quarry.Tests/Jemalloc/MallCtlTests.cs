using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Quarry.Tests.Combinators;
using Xunit;

namespace Quarry.Tests.Jemalloc;

/// <summary>The controls of libquarry.so, of a genuine jemalloc, and of a process with neither.</summary>
public sealed unsafe class MallCtlTests
{
    private static readonly string[] s_jemallocs =
    [
        "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "/usr/lib/aarch64-linux-gnu/libjemalloc.so.2",
        "/usr/lib/libjemalloc.so.2", "/usr/lib64/libjemalloc.so.2",
    ];

    [Fact]
    public void Process_on_libquarry_reads_and_writes() => RunOn(Repository.NativeImage("libquarry.so"));

    [Fact]
    public void Process_on_a_genuine_jemalloc_reads_and_writes()
    {
        string? jemalloc = s_jemallocs.FirstOrDefault(File.Exists);
        Assert.SkipWhen(jemalloc is null, "libjemalloc.so.2 is not installed");
        RunOn(jemalloc!);
    }

    [Fact]
    public void Process_without_such_a_malloc_says_what_to_do()
    {
        Assert.SkipWhen(MallCtl.IsAvailable, "the malloc of this process has controls");
        Assert.False(MallCtl.TryRead("stats.allocated", out nuint value));
        Assert.Equal((nuint)0, value);
        Assert.False(MallCtl.TryReadString("version", out _));
        string message = Assert.Throws<NotSupportedException>(() => MallCtl.Read<nuint>("epoch")).Message;
        Assert.Contains("quarry run", message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => MallCtl.GetStatistics());
        Assert.Throws<NotSupportedException>(() => MallCtl.GetMib("epoch"));
    }

    [ChildFact]
    public void Reads_and_writes()
    {
        Assert.True(MallCtl.IsAvailable);
        Assert.StartsWith("5.", MallCtl.Version, StringComparison.Ordinal);
        Assert.Equal((nuint)Environment.SystemPageSize, MallCtl.Read<nuint>("arenas.page"));
        Assert.True(MallCtl.Read<uint>("arenas.narenas") > 0);
        Assert.True(MallCtl.Read<bool>("config.stats"));

        ulong epoch = MallCtl.RefreshStatistics();
        Assert.Equal(epoch + 1, MallCtl.RefreshStatistics());
        nuint before = MallCtl.Read<nuint>("stats.allocated");
        void* block = NativeMemory.Alloc(10_000_000);
        Assert.Equal(before, MallCtl.Read<nuint>("stats.allocated"));
        MallCtl.RefreshStatistics();
        Assert.True(MallCtl.Read<nuint>("stats.allocated") >= before + 9_000_000);
        NativeMemory.Free(block);

        MallCtl.Write<nint>("arenas.dirty_decay_ms", 4000);
        Assert.Equal(4000, MallCtl.Exchange<nint>("arenas.dirty_decay_ms", 3000));
        Assert.Equal(3000, MallCtl.Read<nint>("arenas.dirty_decay_ms"));
        MallCtl.Invoke("thread.tcache.flush");

        MallCtlMib mib = MallCtl.GetMib("arenas.bin.0.size");
        nuint[] sizes = [.. Enumerable.Range(0, (int)MallCtl.Read<uint>("arenas.nbins"))
            .Select(bin => mib.With(2, (nuint)bin).Read<nuint>())];
        Assert.Equal(sizes.Order(), sizes);
        Assert.Equal("arenas.bin.3.size", mib.With(2, 3).ToString());
        Assert.False(mib.With(2, 100_000).TryRead<nuint>(out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => mib.With(1, 0));
        Assert.Equal(MallCtl.Version, MallCtl.GetMib("version").ReadString());
    }

    [ChildFact]
    public void Errors_have_reasons()
    {
        MallCtlException missing = Assert.Throws<MallCtlException>(() => MallCtl.Read<bool>("no.such"));
        Assert.Equal(("no.such", 2), (missing.Control, missing.Error));
        Assert.False(MallCtl.TryRead("no.such", out bool _));
        Assert.Equal(1, Assert.Throws<MallCtlException>(() => MallCtl.Write<nuint>("arenas.page", 1)).Error);
        Assert.Equal(22, Assert.Throws<MallCtlException>(() => MallCtl.Read<uint>("arenas.page")).Error);
        Assert.Equal(2, Assert.Throws<MallCtlException>(() => MallCtl.Write("prof.dump", "x")).Error);
        Assert.Throws<ArgumentException>(() => MallCtl.Read<double>("arenas.page"));
        Assert.Throws<ArgumentNullException>(() => MallCtl.Read<bool>(null!));
    }

    [ChildFact]
    public void Reports_are_printed()
    {
        string text = MallCtl.GetStatistics("a");
        Assert.StartsWith("___ Begin jemalloc statistics ___\n", text, StringComparison.Ordinal);
        Assert.EndsWith("--- End jemalloc statistics ---\n", text, StringComparison.Ordinal);
        using StringWriter writer = new();
        MallCtl.PrintStatistics(writer, "J");
        using JsonDocument json = JsonDocument.Parse(writer.ToString());
        JsonElement version = json.RootElement.GetProperty("jemalloc").GetProperty("version");
        Assert.Equal(MallCtl.Version, version.GetString());
        using MemoryStream stream = new();
        MallCtl.PrintStatistics(stream, "gmdablxeh");
        Assert.Contains("Allocated: ", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>The example of <c>docs/jemalloc.md</c>.</summary>
    [ChildFact]
    public void Example_of_the_page()
    {
        using StringWriter output = new();
        if (MallCtl.IsAvailable)
        {
            MallCtl.RefreshStatistics();
            output.WriteLine($"{MallCtl.Read<nuint>("stats.allocated")} bytes in {MallCtl.Version}");
            MallCtl.Write<nint>("arenas.dirty_decay_ms", 5000);
            MallCtl.Invoke("thread.tcache.flush");
            MallCtl.PrintStatistics(output, "gbl");
        }

        Assert.Contains(" bytes in 5.", output.ToString(), StringComparison.Ordinal);
    }

    private static void RunOn(string library)
    {
        foreach (string test in (string[])
            [nameof(Reads_and_writes), nameof(Errors_have_reasons), nameof(Reports_are_printed),
                nameof(Example_of_the_page)])
        {
            Outcome child = ChildProcess.Run(
                test, new Dictionary<string, string> { ["LD_PRELOAD"] = library });
            Assert.True(child.ExitCode == 0, $"{test}: {child.Errors}");
        }
    }
}
