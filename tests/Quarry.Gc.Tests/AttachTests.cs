using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>Profilers and debuggers that attach to a running program.</summary>
public sealed class AttachTests
{
    private const string Debugger = "/usr/bin/gdb";

    // The keywords of dotnet-gcdump: the collector's events, the heap, types.
    private const long HeapSnapshot = 0x1980001;

    [Fact]
    public void A_profiler_receives_allocations_with_types()
    {
        HashSet<string> types = [];
        Observe(
            "bump",
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, 1),
            (source, done) => source.Clr.GCAllocationTick += tick =>
            {
                Assert.True(tick.AllocationAmount64 > 0);
                types.Add(tick.TypeName);
                if (types.Contains("System.Byte[]"))
                {
                    done();
                }
            });
        Assert.Contains("System.Byte[]", types);
    }

    [Theory]
    [InlineData("bump")]
    [InlineData("collect")]
    public void A_heap_snapshot_has_objects_references_and_roots(string mode)
    {
        Dictionary<ulong, string> names = [];
        Dictionary<ulong, int> objects = [];
        long edges = 0, references = 0, roots = 0;
        Observe(
            mode,
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, HeapSnapshot),
            (source, done) =>
            {
                source.Clr.TypeBulkType += types =>
                {
                    for (int index = 0; index < types.Count; index++)
                    {
                        names[types.Values(index).TypeID] = types.Values(index).TypeName;
                    }
                };
                source.Clr.GCBulkNode += nodes =>
                {
                    for (int index = 0; index < nodes.Count; index++)
                    {
                        GCBulkNodeValues node = nodes.Values(index);
                        objects[node.TypeID] = objects.GetValueOrDefault(node.TypeID) + 1;
                        references += node.EdgeCount;
                    }
                };
                source.Clr.GCBulkEdge += bulk => edges += bulk.Count;
                source.Clr.GCBulkRootEdge += bulk => roots += bulk.Count;
                source.Clr.GCStop += _ => done();
            });
        Assert.Contains(objects, pair => pair.Value == 1000
            && names.GetValueOrDefault(pair.Key) == "Marker");
        Assert.True(edges >= 1000);
        Assert.Equal(references, edges);
        Assert.True(roots > 10);
    }

    [Fact]
    public void A_profiler_receives_the_sizes_of_generations()
    {
        List<GCPerHeapHistoryGenData> youngest = [], oldest = [];
        Observe(
            "collect",
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, 1),
            (source, done) => source.Clr.GCPerHeapHistory += history =>
            {
                Assert.True(history.VersionRecognized);
                youngest.Add(history.GenData(Gens.Gen0));
                oldest.Add(history.GenData(Gens.Gen2));
                done();
            });
        Assert.All(youngest, data => Assert.InRange(data.SizeBefore, 1, 1 << 30));
        Assert.All(youngest, data => Assert.Equal(0, data.SizeAfter));
        Assert.All(youngest, data => Assert.InRange(data.Budget, 1 << 20, 1 << 30));
        Assert.All(oldest, data => Assert.InRange(data.SizeAfter, data.FreeListSpaceAfter + 1, 1 << 30));
    }

    [Fact]
    public void A_debugger_attaches_and_detaches()
    {
        Assert.SkipUnless(File.Exists(Debugger), "gdb is not installed");
        using BackgroundRun program = Start("bump");
        string[] commands = ["-ex", "info threads", "-ex", "info sharedlibrary quarrygc"];
        string[] arguments = ["--nx", "--batch", "-p", program.IdText, .. commands];
        Outcome outcome = new Run(Debugger, arguments).Start();
        Assert.SkipWhen(
            outcome.Errors.Contains("not permitted", StringComparison.Ordinal),
            "gdb is not permitted to attach");
        Assert.Contains(".NET Finalizer", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("libquarrygc.so", outcome.Output, StringComparison.Ordinal);
        Finish(program);
    }

    private static void Observe(
        string mode, EventPipeProvider provider, Action<EventPipeEventSource, Action> listen)
    {
        using BackgroundRun program = Start(mode);
        using EventPipeSession session =
            new DiagnosticsClient(program.Id).StartEventPipeSession([provider], requestRundown: false);
        using EventPipeEventSource source = new(session.EventStream);
        Task? stop = null;
        listen(source, () => stop ??= session.StopAsync(TestContext.Current.CancellationToken));
        Task.Run(source.Process, TestContext.Current.CancellationToken).Wait(TimeSpan.FromMinutes(2));
        Assert.NotNull(stop);
        Finish(program);
    }

    private static BackgroundRun Start(string mode)
    {
        BackgroundRun program = Run.Ours("allocate").With("DOTNET_QuarryGCMode", mode).Begin();
        Assert.Equal("ready", program.ReadLine());
        return program;
    }

    private static void Finish(BackgroundRun program) =>
        Assert.Equal("ended\n", program.End().Clean().Output);
}
