using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.Tracing;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// The diagnostic tools of .NET, as users run them, on programs in the mode <c>collect</c>.
/// </summary>
public sealed class DiagnosticToolTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "10")]
    public void Dotnet_dump_analyzes_the_heap(string concurrent, string verify)
    {
        string dump = Path.Combine(Repository.FreshFolder($"dotnet-dump-{concurrent}"), "core");
        _ = Run.Ours("fail-in-finalizer").With("DOTNET_QuarryGCMode", "collect")
            .With("DOTNET_gcConcurrent", concurrent).With("DOTNET_QuarryGCVerify", verify)
            .With("DOTNET_DbgEnableMiniDump", "1").With("DOTNET_DbgMiniDumpType", "2")
            .With("DOTNET_DbgMiniDumpName", dump).Start();
        string[] commands =
        [
            "eeheap -gc", "dumpheap -stat -type Due", "verifyheap", "finalizequeue", "gchandles", "exit",
        ];
        string[] words = [.. commands.SelectMany(command => new[] { "-c", command })];
        Outcome outcome = DotNetTool.Run("dotnet-dump", ["analyze", dump, .. words]).Start();
        File.Delete(dump);

        // Of 30 objects with finalizers, the finalizer of one runs, and those of 9 are due.
        string name = Regex.Escape("Quarry.Gc.Probe.FailureCases+Due");
        Assert.Matches(@"GC Allocated Heap Size:\s+Size: 0x[0-9a-f]{5,}", outcome.Output);
        Assert.Matches($@"\b30 +\d+ {name}\b", outcome.Output);
        Assert.Contains("No heap corruption detected", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Ready for finalization 9 objects", outcome.Output, StringComparison.Ordinal);
        Assert.Matches($@"\b29 +\d+ {name}\b", outcome.Output);
        Assert.Matches($@"\bStrong +[0-9A-F]+ +\d+ +{name}\b", outcome.Output);
        Assert.Matches($@"\bDependent +[0-9A-F]+ +\d+ +[0-9A-F]+ +{name}\b", outcome.Output);
    }

    [Fact]
    public void Dotnet_dump_finds_roots_in_handles_and_static_fields()
    {
        string dump = Path.Combine(Repository.FreshFolder("dotnet-dump-roots"), "core");
        _ = Run.Ours("fail-with-handles").With("DOTNET_QuarryGCMode", "collect")
            .With("DOTNET_DbgEnableMiniDump", "1").With("DOTNET_DbgMiniDumpType", "2")
            .With("DOTNET_DbgMiniDumpName", dump).Start();
        const string List = "dumpheap -short -type System.Int64[]";
        Outcome list = DotNetTool.Run("dotnet-dump", "analyze", dump, "-c", List, "-c", "exit").Start();
        string[] roots = [.. Regex.Matches(list.Output, "^[0-9a-f]{9,}", RegexOptions.Multiline)
            .Select(match => $"gcroot {match.Value}")];
        Assert.NotEmpty(roots);
        string[] words = [.. roots.Append("exit").SelectMany(command => new[] { "-c", command })];
        Outcome found = DotNetTool.Run("dotnet-dump", ["analyze", dump, .. words]).Start();
        File.Delete(dump);
        Assert.Contains("(pinned handle)", found.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"\(strong handle\)\s+-> \w+ +System\.Object\[\]\s+-> \w+ +System\.Int64\[\] \(static ",
            found.Output);
    }

    [Fact]
    public void Dotnet_counters_shows_collections_and_sizes()
    {
        string file = Path.Combine(Repository.FreshFolder("dotnet-counters"), "counters.csv");
        RunWhileAllocating(program => DotNetTool.Run(
            "dotnet-counters", "collect", "-p", $"{program.Id}", "--duration", "00:00:04", "--format", "csv",
            "-o", file, "--counters", "System.Runtime"));
        Dictionary<string, double> most = File.ReadLines(file).Skip(1).Select(line => line.Split(','))
            .GroupBy(row => row[2], row => double.Parse(row[^1], CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Max());
        Assert.True(MostOf("dotnet.gc.collections", "gen0") > 0);
        Assert.True(MostOf("dotnet.gc.heap.total_allocated") > 1_000_000);
        Assert.True(MostOf("dotnet.gc.last_collection.heap.size", "gen2") > 1_000);
        Assert.True(MostOf("dotnet.gc.last_collection.memory.committed_size") > 1_000_000);
        Assert.True(MostOf("dotnet.gc.pause.time") > 0);

        double MostOf(params string[] words) => most
            .Where(counter => words.All(word => counter.Key.Contains(word, StringComparison.Ordinal)))
            .Select(counter => counter.Value).DefaultIfEmpty(-1).Max();
    }

    /// <summary>The profiles of the tool, and the events that a report on collections needs.</summary>
    [Theory]
    [InlineData("gc-collect", "GC/Start GC/Stop GC/HeapStats GC/GlobalHeapHistory GC/PerHeapHistory")]
    [InlineData("gc-verbose", "GC/Start GC/Stop GC/HeapStats GC/AllocationTick")]
    public void Dotnet_trace_records_collections(string profile, string events)
    {
        string file = Path.Combine(Repository.FreshFolder($"dotnet-trace-{profile}"), "trace.nettrace");
        RunWhileAllocating(program => DotNetTool.Run(
            "dotnet-trace", "collect", "-p", $"{program.Id}", "--duration", "00:00:03", "--profile", profile,
            "-o", file));
        HashSet<string> seen = [];
        using EventPipeEventSource source = new(file);
        source.Clr.All += data => seen.Add(data.EventName);
        _ = source.Process();
        Assert.Subset(seen, events.Split(' ').ToHashSet());
    }

    [Fact]
    public void Dotnet_trace_reports_methods()
    {
        string file = Path.Combine(Repository.FreshFolder("dotnet-trace-report"), "trace.nettrace");
        RunWhileAllocating(program => DotNetTool.Run(
            "dotnet-trace", "collect", "-p", $"{program.Id}", "--duration", "00:00:03", "-o", file));
        Outcome report = DotNetTool.Run("dotnet-trace", "report", file, "topN", "-n", "100", "--inclusive")
            .Start();
        Assert.Contains("AllocateUntilInputEnds", report.Output, StringComparison.Ordinal);
    }

    private static void RunWhileAllocating(Func<BackgroundRun, Run> observe)
    {
        // A budget of 64 KiB, so that collections happen while the tool observes.
        Run run = Run.Ours("allocate").With("DOTNET_QuarryGCMode", "collect")
            .With("DOTNET_GCgen0size", "10000");
        using BackgroundRun program = run.Begin();
        Assert.Equal("ready", program.ReadLine());
        _ = observe(program).Start().ExpectSuccess();
        _ = program.End();
    }
}
