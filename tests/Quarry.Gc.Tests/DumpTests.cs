using System;
using System.IO;
using System.Linq;
using Microsoft.Diagnostics.Runtime;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>Crash dumps. The runtime's own tool looks at all that is mapped, and at the collector.</summary>
public sealed class DumpTests
{
    private const int SignalAbort = 134;

    /// <param name="type">Of the runtime: small, with the heap, for triage, all of it.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void One_is_written_and_can_be_opened(int type)
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
            // Some hundred megabytes, if it is all of it.
            File.Delete(dump);
        }
    }

    private static void Open(string dump)
    {
        // The reservation of 256 GiB must not be in it.
        Assert.InRange(new FileInfo(dump).Length, 1L << 16, 1L << 30);
        using DataTarget target = DataTarget.LoadDump(dump);
        ClrInfo version = Assert.Single(target.ClrVersions);

        // A small dump lacks the pages that would tell the version: it is that of these tests' own runtime.
        using ClrRuntime runtime = version.CreateRuntime(
            Path.Combine(Places.Runtime, "libmscordaccore.so"), ignoreMismatch: true);
        Assert.Contains(
            runtime.Threads.SelectMany(thread => thread.EnumerateStackTrace()),
            frame => frame.Method is { Name: "FailFast", Type.Name: "Quarry.Gc.Probe.FailureCases" });
    }
}
