using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>The samples behave as documented.</summary>
public sealed class SampleTests(NativePrograms programs)
{
    private const int Aborted = 128 + 6;

    [Fact]
    public void Null_calls_the_hook_of_a_program()
    {
        Outcome result = Sample.Run("NullMalloc", programs.Get("hook"), []);
        Assert.Equal("3 calls, 3000 bytes, 48 alignment, null, ENOMEM\n", result.Output);
        Assert.Equal(["memory allocation of 512 bytes failed (alignment 256)"], result.ErrorLines);
        Assert.Equal(Aborted, result.ExitCode);
    }

    [Theory]
    [InlineData("16M", 15)]
    [InlineData("65536K", 63)]
    public void Bump_has_the_size_set_in_the_environment(string size, int blocks)
    {
        Outcome result = Sample.Run("BumpMalloc", programs.Get("exhaust"), [], ("QUARRY_BUMP_SIZE", size));
        Assert.Equal($"{blocks} ENOMEM fits errno unchanged\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Bump_has_1_GiB_of_which_only_touched_pages_use_memory()
    {
        Outcome result = Sample.Run("BumpMalloc", programs.Get("untouched"), []);
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(long.Parse(result.Output, CultureInfo.InvariantCulture), 8, 12);
    }

    [Fact]
    public void Bump_is_smaller_under_a_limit_of_the_address_space()
    {
        string line = $"ulimit -v 262144; LD_PRELOAD={Sample.Library("BumpMalloc")} exec ls -l /usr";
        Assert.Equal(new Run("ls", "-l", "/usr").Start().Output, new Run("sh", "-c", line).Start().Output);
    }

    [Fact]
    public void Bump_has_the_size_set_in_the_build()
    {
        using TemporaryFolder folder = new();
        string project = Path.Combine(Repository.Root, "samples", "BumpMalloc");
        _ = DotNet.Build("build", project, "-p:BumpSize=4194304", $"-p:ArtifactsPath={folder.FullName}")
            .Start().ExpectSuccess();
        string library = folder.File(Path.Combine("bin", "BumpMalloc", "debug", "libBumpMalloc.so"));
        Outcome result = new Run(programs.Get("exhaust")) { Preload = library }.Start();
        Assert.Equal("3 ENOMEM fits errno unchanged\n", result.Output);
    }

    [Fact]
    public void Fixed_ends_with_its_array()
    {
        Outcome result = Sample.Run("FixedMalloc", programs.Get("exhaust"), []);
        long served = (FixedMalloc.FixedMalloc.Size >> 20) - 1;
        Assert.Equal($"{served} ENOMEM fits errno unchanged\n", result.Output);
    }

    [Fact]
    public void Counter_counts_the_requested_bytes()
    {
        Outcome result = Sample.Run("CounterMalloc", programs.Get("counted"), []);
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
                "counter: 1500 bytes in 2 blocks allocated before main, 1000 in use then; " +
                "103600 bytes in 5 blocks in total, 1000 in use at exit, peak 101000",
            ],
            result.ErrorLines);
    }

    [Fact]
    public void Tracing_reports_every_event_and_the_events_balance()
    {
        Outcome result = Sample.Run("TracingMalloc", programs.Get("balanced"), []);
        Assert.Equal(0, result.ExitCode);
        TraceEvent[] events = [.. TraceEvent.Read(new StringReader(result.Errors))];
        Assert.Equal(result.ErrorLines.Length, events.Length);

        // The blocks in use, by address. A block is not in use between the two events of its reallocation.
        Dictionary<nuint, nuint> inUse = [];
        HashSet<nuint> freed = [];
        foreach (TraceEvent item in events)
        {
            switch (item.Kind)
            {
                case TraceEventKind.Allocate or TraceEventKind.AllocateZeroed:
                    inUse.Add(item.Address, item.Size);
                    break;
                case TraceEventKind.Deallocate or TraceEventKind.Reallocating:
                    Assert.True(inUse.Remove(item.Address, out nuint size), item.ToString());
                    Assert.Equal(size, item.Size);
                    _ = freed.Add(item.Address);
                    break;
                case TraceEventKind.Reallocate:
                    inUse.Add(item.NewAddress, item.NewSize);
                    break;
                default:
                    Assert.Fail(item.ToString());
                    break;
            }
        }

        Assert.True(freed.Count >= 100, "The program frees more blocks.");

        // The C library keeps blocks of threads.
        Assert.True(inUse.Count <= 2, string.Join(", ", inUse.Values));
        Assert.Equal(2, events.Select(item => item.Thread).Distinct().Count());
    }
}
