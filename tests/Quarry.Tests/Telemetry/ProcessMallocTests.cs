using System;
using System.Runtime.InteropServices;
using Quarry.Tests.Combinators;
using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>The malloc of a process, which is published if it is <c>libquarry.so</c>.</summary>
[Collection(nameof(TelemetryGroup))]
public sealed unsafe class ProcessMallocTests
{
    [Fact]
    public void A_process_on_the_library_shows_its_malloc()
    {
        Outcome child = ChildProcess.Run(
            nameof(Shows_its_malloc), new() { ["LD_PRELOAD"] = Repository.NativeImage("libquarry.so") });
        Assert.True(child.ExitCode == 0, child.Errors);
        Assert.Contains("malloc is published", child.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_on_another_malloc_shows_none()
    {
        Assert.SkipWhen(IsOnLibrary, "The tests themselves run on libquarry.so.");
        QuarryTelemetry.Start();
        Assert.Null(MeterReading.Take().Of("malloc", "in_use"));
    }

    [ChildFact]
    public void Shows_its_malloc()
    {
        const int Size = 10 << 20;
        QuarryTelemetry.Start();
        MeterReading before = MeterReading.Take();
        void* block = NativeMemory.AllocZeroed(Size);
        MeterReading after = MeterReading.Take();
        NativeMemory.Free(block);
        MeterReading end = MeterReading.Take();

        // The runtime allocates and frees meanwhile.
        Assert.InRange(Change(before, after, "in_use"), Size * 0.9, Size * 1.1);
        Assert.InRange(Change(before, after, "allocated"), Size, Size * 1.5);
        Assert.InRange(Change(after, end, "in_use"), Size * -1.1, Size * -0.9);
        Assert.InRange(Change(after, end, "frees"), 1, 100_000);
        Assert.True(after.Of("malloc", "allocations") > before.Of("malloc", "allocations"));
        Assert.True(after.Of("malloc", "peak") >= Size);
        Assert.True(after.Of("malloc", "committed") >= after.Of("malloc", "in_use"));
        Assert.True(after.Of("malloc", "resident") > 0);
        Console.Error.WriteLine("malloc is published");
    }

    private static bool IsOnLibrary =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "quarry_stats", out _);

    private static double Change(MeterReading before, MeterReading after, string figure) =>
        after.Of("malloc", figure)!.Value - before.Of("malloc", figure)!.Value;
}
