using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Runtime;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// Crash dumps. The runtime's tool reads all mapped memory, and the structures of the collector.
/// </summary>
public sealed class DumpTests
{
    private const int SignalAbort = 134, WithHeap = 2;

    // A full collection begins to mark as soon as the previous one has ended, and is in progress in the dump.
    private const string MarkingAlways = "10";

    // Loaded for good: a thread that has used the library calls into it when it exits, even if ClrMD has
    // unloaded it meanwhile.
    private static readonly nint s_library =
        NativeLibrary.Load(Path.Combine(DotNet.Runtime, "libmscordaccore.so"));

    /// <param name="type">The runtime's number: 1 mini, 2 with heap, 3 triage, 4 full.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_dump_is_written_and_can_be_opened(int type) =>
        Dump($"dump-{type}", type, Run.Ours("fail"), CheckStack);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "0")]
    [InlineData("0", "1")]
    public void Debuggers_find_objects_of_a_heap_that_is_collected(string server, string concurrent) => Dump(
        $"dump-objects-{server}-{concurrent}",
        WithHeap,
        Run.Ours("fail").With("DOTNET_QuarryGCMode", "collect").With("DOTNET_GCgen0size", "10000")
            .With("DOTNET_gcServer", server)
            .With("DOTNET_gcConcurrent", concurrent)
            .With("DOTNET_QuarryGCVerify", concurrent == "1" ? MarkingAlways : "0"),
        static runtime =>
        {
            ClrHeap heap = runtime.Heap;
            Assert.True(heap.CanWalkHeap);
            ClrObject[] objects = [.. heap.EnumerateObjects()];
            ClrObject kept = Assert.Single(
                objects, one => one.Type?.Name == "System.Object[]" && one.AsArray().Length == 1000);
            Assert.Equal(1000, kept.EnumerateReferences().Distinct().Count());
            Assert.True(heap.Segments.Length > 1);
            ulong size = objects.Aggregate(0ul, (sum, one) => sum + one.Size);
            Assert.True(size > 64_000, $"{size}");
        });

    [Fact]
    public void Debuggers_find_objects_with_finalizers() => Dump(
        "dump-finalizers",
        WithHeap,
        Run.Ours("fail-in-finalizer").With("DOTNET_QuarryGCMode", "collect"),
        static runtime =>
        {
            // The finalizer thread has taken the first due object.
            const string Due = "Quarry.Gc.Probe.FailureCases+Due";
            ClrHeap heap = runtime.Heap;
            Assert.Equal(20, heap.EnumerateFinalizableObjects().Count(one => one.Type?.Name == Due));
            Assert.Equal(9, heap.EnumerateFinalizerRoots().Count(root => root.Object.Type?.Name == Due));
        });

    [Theory]
    [InlineData("bump", "0")]
    [InlineData("collect", "0")]
    [InlineData("collect", "1")]
    public void Debuggers_find_handles(string mode, string server) => Dump(
        $"dump-handles-{mode}-{server}",
        WithHeap,
        Run.Ours("fail-with-handles").With("DOTNET_QuarryGCMode", mode).With("DOTNET_gcServer", server),
        static runtime =>
        {
            const string Name = "Quarry.Gc.Probe.FailureCases+Referenced";
            ClrHandle[] handles = [.. runtime.EnumerateHandles()];
            ClrHandle[] ours = [.. handles.Where(handle => handle.Object.Type?.Name == Name)];
            Assert.Equal(
                [
                    ClrHandleKind.WeakShort, ClrHandleKind.WeakLong, ClrHandleKind.Strong,
                    ClrHandleKind.Dependent,
                ],
                ours.Select(handle => handle.HandleKind).Order());
            ClrObject dependent =
                ours.Single(handle => handle.HandleKind == ClrHandleKind.Dependent).Dependent;
            Assert.Equal(Name, dependent.Type?.Name);
            Assert.NotEqual(ours[0].Object.Address, dependent.Address);
            ClrHandle pinned = Assert.Single(handles, handle => handle.HandleKind == ClrHandleKind.Pinned
                && handle.Object.Type?.Name == "System.Int64[]");
            Assert.Equal(1000, pinned.Object.AsArray().Length);
        });

    private static void Dump(string folder, int type, Run run, Action<ClrRuntime> check)
    {
        string dump = Path.Combine(Repository.FreshFolder(folder), "core");
        Outcome outcome = run
            .With("DOTNET_DbgEnableMiniDump", "1")
            .With("DOTNET_DbgMiniDumpType", $"{type}")
            .With("DOTNET_DbgMiniDumpName", dump).Start();
        Assert.Equal(SignalAbort, outcome.ExitCode);
        Assert.Contains("on purpose, ", outcome.Errors, StringComparison.Ordinal);
        try
        {
            Open(dump, check);
        }
        finally
        {
            // A full dump has hundreds of megabytes.
            File.Delete(dump);
        }
    }

    private static void Open(string dump, Action<ClrRuntime> check)
    {
        Assert.NotEqual(0, s_library);

        // The reservation of 256 GiB must not be in it.
        Assert.InRange(new FileInfo(dump).Length, 1L << 16, 1L << 30);
        using DataTarget target = DataTarget.LoadDump(dump);
        ClrInfo version = Assert.Single(target.ClrVersions);

        // A mini dump lacks the pages with the version, which is that of the runtime of these tests.
        using ClrRuntime runtime = version.CreateRuntime(
            Path.Combine(DotNet.Runtime, "libmscordaccore.so"), ignoreMismatch: true);
        check(runtime);
    }

    private static void CheckStack(ClrRuntime runtime) =>
        Assert.Contains(
            runtime.Threads.SelectMany(thread => thread.EnumerateStackTrace()),
            frame => frame.Method is { Name: "FailFast", Type.Name: "Quarry.Gc.Probe.FailureCases" });
}
