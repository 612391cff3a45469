using System;
using System.IO;
using System.Linq;
using Microsoft.Diagnostics.Runtime;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// Crash dumps. The runtime's tool reads all mapped memory, and the structures of the collector.
/// </summary>
public sealed class DumpTests
{
    private const int SignalAbort = 134;

    /// <param name="type">The runtime's number: 1 mini, 2 with heap, 3 triage, 4 full.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_dump_is_written_and_can_be_opened(int type)
    {
        string dump = Path.Combine(Places.FreshFolder($"dump-{type}"), "core");
        Outcome outcome = Run.Ours("fail")
            .With("DOTNET_DbgEnableMiniDump", "1")
            .With("DOTNET_DbgMiniDumpType", $"{type}")
            .With("DOTNET_DbgMiniDumpName", dump).Start();
        Assert.Equal(SignalAbort, outcome.ExitCode);
        Assert.Contains("on purpose, 1000", outcome.Error, StringComparison.Ordinal);
        try
        {
            Open(dump);
        }
        finally
        {
            // A full dump has hundreds of megabytes.
            File.Delete(dump);
        }
    }

    private static void Open(string dump)
    {
        // The reservation of 256 GiB must not be in it.
        Assert.InRange(new FileInfo(dump).Length, 1L << 16, 1L << 30);
        using DataTarget target = DataTarget.LoadDump(dump);
        ClrInfo version = Assert.Single(target.ClrVersions);

        // A mini dump lacks the pages with the version, which is that of the runtime of these tests.
        using ClrRuntime runtime = version.CreateRuntime(
            Path.Combine(Places.Runtime, "libmscordaccore.so"), ignoreMismatch: true);
        Assert.Contains(
            runtime.Threads.SelectMany(thread => thread.EnumerateStackTrace()),
            frame => frame.Method is { Name: "FailFast", Type.Name: "Quarry.Gc.Probe.FailureCases" });
    }
}
