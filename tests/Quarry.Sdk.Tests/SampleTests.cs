using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>Each sample does what it is for.</summary>
public sealed class SampleTests(NativePrograms programs)
{
    private const int Aborted = 128 + 6;

    [Fact]
    public void Null_asks_the_hook_of_a_program()
    {
        Result result = Sample.Run("NullMalloc", programs.Get("hook"), []);
        Assert.Equal("3 calls, 3000 bytes, 48 alignment, null, ENOMEM\n", result.Output);
        Assert.Equal(["memory allocation of 512 bytes failed (alignment 256)"], result.ErrorLines);
        Assert.Equal(Aborted, result.ExitCode);
    }

    [Theory]
    [InlineData("16M", 15)]
    [InlineData("65536K", 63)]
    public void Bump_is_as_large_as_the_environment_says(string size, int blocks)
    {
        Result result = Sample.Run("BumpMalloc", programs.Get("exhaust"), [], ("QUARRY_BUMP_SIZE", size));
        Assert.Equal($"{blocks} ENOMEM fits errno unchanged\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Bump_is_1_GiB_of_which_only_what_is_touched_takes_memory()
    {
        Result result = Sample.Run("BumpMalloc", programs.Get("untouched"), []);
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(long.Parse(result.Output, CultureInfo.InvariantCulture), 8, 12);
    }

    [Fact]
    public void Bump_takes_what_there_is_under_a_limit_of_addresses()
    {
        string line = $"ulimit -v 262144; LD_PRELOAD={Sample.Library("BumpMalloc")} exec ls -l /usr";
        Assert.Equal(Execution.Run("ls", ["-l", "/usr"]).Output, Execution.Run("sh", ["-c", line]).Output);
    }

    [Fact]
    public void Bump_is_as_large_as_the_build_says()
    {
        string folder = Directory.CreateTempSubdirectory("quarry-bump-").FullName;
        try
        {
            string project = Path.Combine(Sample.Repository, "samples", "BumpMalloc");
            Result built = Execution.Build(project, "-p:BumpSize=4194304", $"-p:ArtifactsPath={folder}");
            Assert.True(built.ExitCode == 0, built.Output);
            string library = Path.Combine(folder, "bin", "BumpMalloc", "debug", "libBumpMalloc.so");
            Result result = Execution.Run(programs.Get("exhaust"), [], ("LD_PRELOAD", library));
            Assert.Equal("3 ENOMEM fits errno unchanged\n", result.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Fixed_ends_with_its_array()
    {
        Result result = Sample.Run("FixedMalloc", programs.Get("exhaust"), []);
        long served = (FixedMalloc.FixedMalloc.Size >> 20) - 1;
        Assert.Equal($"{served} ENOMEM fits errno unchanged\n", result.Output);
    }

    [Fact]
    public void Counter_counts_what_the_program_asked_for()
    {
        Result result = Sample.Run("CounterMalloc", programs.Get("counted"), []);
        Assert.Equal(
            """
            start: 1500 before main, 1000 in use, peak 1500
            grown: 1500 before main, 101000 in use, peak 101000
            shrunk: 1500 before main, 3010 in use, peak 101000
            end: 1500 before main, 1000 in use, peak 101000

            """,
            result.Output);
        Assert.Equal(
            [
                "counter: 1500 bytes in 2 blocks before main, 1000 in use at it; " +
                "103600 bytes in 5 blocks in all, 1000 in use at exit, peak 101000",
            ],
            result.ErrorLines);
    }

    [Fact]
    public void Tracing_tells_every_event_and_the_events_balance()
    {
        Result result = Sample.Run("TracingMalloc", programs.Get("balanced"), []);
        Assert.Equal(0, result.ExitCode);
        TraceEvent[] events = [.. TraceEvent.Read(new StringReader(result.Errors))];
        Assert.Equal(result.ErrorLines.Length, events.Length);

        // What is in use, by address. A block that is being reallocated is nobody's until it is told what
        // became of it.
        Dictionary<nuint, nuint> inUse = [];
        HashSet<nuint> freed = [];
        foreach (TraceEvent told in events)
        {
            switch (told.Kind)
            {
                case TraceEventKind.Allocate or TraceEventKind.AllocateZeroed:
                    inUse.Add(told.Address, told.Size);
                    break;
                case TraceEventKind.Deallocate or TraceEventKind.Reallocating:
                    Assert.True(inUse.Remove(told.Address, out nuint size), told.ToString());
                    Assert.Equal(size, told.Size);
                    _ = freed.Add(told.Address);
                    break;
                case TraceEventKind.Reallocate:
                    inUse.Add(told.NewAddress, told.NewSize);
                    break;
                default:
                    Assert.Fail(told.ToString());
                    break;
            }
        }

        Assert.True(freed.Count >= 100, "The program gives back more than that.");

        // What the C library keeps for a thread stays.
        Assert.True(inUse.Count <= 2, string.Join(", ", inUse.Values));
        Assert.Equal(2, events.Select(told => told.Thread).Distinct().Count());
    }
}
