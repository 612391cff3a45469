using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

public sealed unsafe class TracingTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_event_is_told_in_an_order_that_keeps_a_table_right()
    {
        using TraceRing ring = new(64);
        Tracing<SystemHeap> tracing = new(default, ring);
        void* block = tracing.Allocate(Layout.Create(100, 16));
        void* moved = tracing.Reallocate(block, Layout.Create(100, 16), 5000);
        void* zeros = tracing.AllocateZeroed(Layout.Create(8, 64));
        tracing.Deallocate(moved, Layout.Create(5000, 16));
        tracing.Deallocate(null, default);
        tracing.Deallocate(zeros, Layout.Create(8, 64));

        List<TraceEvent> events = Drain(ring);
        Assert.Equal(
            [
                (TraceEventKind.Allocate, (nuint)block, 100, 16, 0, 0),
                (TraceEventKind.Reallocating, (nuint)block, 100, 16, 0, 5000),
                (TraceEventKind.Reallocate, (nuint)block, 100, 16, (nuint)moved, 5000),
                (TraceEventKind.AllocateZeroed, (nuint)zeros, 8, 64, 0, 0),
                (TraceEventKind.Deallocate, (nuint)moved, 5000, 16, 0, 0),
                (TraceEventKind.Deallocate, (nuint)zeros, 8, 64, 0, 0),
            ],
            events.ConvertAll(Shape));
        Assert.All(events, trace => Assert.Equal((nuint)Environment.CurrentManagedThreadId, trace.Thread));
        ulong[] times = [.. events.Select(trace => trace.Nanoseconds)];
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void What_fails_is_told_with_address_0()
    {
        using TraceRing ring = new(8);
        Tracing<Null> tracing = new(default, ring);
        Assert.True(tracing.Allocate(Layout.Create(100, 16)) == null);
        Assert.False(tracing.TryResize((void*)16, Layout.Create(8, 8), 9));
        Assert.True(tracing.Reallocate(null, default, 7) == null);
        Assert.Equal(
            [
                (TraceEventKind.Allocate, 0, 100, 16, 0, 0),
                (TraceEventKind.Reallocating, 0, 0, 1, 0, 7),
                (TraceEventKind.Reallocate, 0, 0, 1, 0, 7),
            ],
            Drain(ring).ConvertAll(Shape));
    }

    [Fact]
    public void Resizing_in_place_and_giving_all_back_are_told()
    {
        using TraceRing ring = new(8);
        using Bump<Local> bump = new(1.MiB());
        Tracing<Bump<Local>> tracing = new(bump, ring);
        void* block = tracing.Allocate(Layout.Create(8, 8));
        Assert.True(tracing.TryResize(block, Layout.Create(8, 8), 80));
        tracing.DeallocateAll();
        Assert.Equal(
            [
                (TraceEventKind.Allocate, (nuint)block, 8, 8, 0, 0),
                (TraceEventKind.Resize, (nuint)block, 8, 8, (nuint)block, 80),
                (TraceEventKind.DeallocateAll, 0, 0, 1, 0, 0),
            ],
            Drain(ring).ConvertAll(Shape));
    }

    [Fact]
    public void A_line_has_a_documented_form()
    {
        TraceEvent taken = new()
        {
            Kind = TraceEventKind.Allocate,
            Nanoseconds = 12345,
            Thread = 7,
            Address = 0x7f00_1040,
            Size = 64,
            Alignment = 16,
        };
        Assert.Equal("quarry 12345 7 allocate 0x7f001040 64 16", taken.ToString());
        TraceEvent moved = new()
        {
            Kind = TraceEventKind.Reallocate,
            Address = 0xabc,
            Size = 1,
            Alignment = 1,
            NewAddress = 0xdef0,
            NewSize = 20,
        };
        Assert.Equal("quarry 0 0 reallocate 0xabc 1 1 0xdef0 20", moved.ToString());
    }

    [Fact]
    public void Every_line_reads_back_as_the_event_it_was()
    {
        Random random = new(1);
        TraceEventKind[] kinds = [.. Enum.GetValues<TraceEventKind>().Except([TraceEventKind.None])];
        for (int round = 0; round < 1000; round++)
        {
            TraceEventKind kind = kinds[round % kinds.Length];
            TraceEvent trace = new()
            {
                Kind = kind,
                Address = Any(random),
                Size = Any(random),
                Alignment = (nuint)1 << random.Next(63),
                NewAddress = TraceText.Resizes(kind) ? Any(random) : 0,
                NewSize = TraceText.Resizes(kind) ? Any(random) : 0,
                Thread = Any(random),
                Nanoseconds = Any(random),
            };
            Assert.True(TraceEvent.TryParse(trace + "\n", out TraceEvent read), trace.ToString());
            Assert.Equal(trace, read);
            Assert.True(TraceEvent.TryParse(trace + " and what may follow", out read));
            Assert.Equal(trace, read);
            Assert.InRange(trace.ToString().Length, 1, TraceText.MaxLength - 1);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("quarry")]
    [InlineData("some other line that is long enough to be one")]
    [InlineData("quarry 1 1 explode 0x10 8 8")]
    [InlineData("quarry 1 1  0x10 8 8")]
    [InlineData("quarry -1 1 allocate 0x10 8 8")]
    [InlineData("quarry 1 1 allocate 10 8 8")]
    [InlineData("quarry 1 1 allocate 0x 8 8")]
    [InlineData("quarry 1 1 allocate 0x10 8")]
    [InlineData("quarry 1 1 allocate 0x10 8 eight")]
    [InlineData("quarry 1 1 reallocate 0x10 8 8")]
    [InlineData("quarry 1 1 reallocate 0x10 8 8 0x20")]
    [InlineData("quarry 1 1 allocate 0x10 99999999999999999999 8")]
    public void Any_other_line_is_refused(string line)
    {
        Assert.False(TraceEvent.TryParse(line, out TraceEvent trace));
        Assert.Equal(default, trace);
    }

    [Fact]
    public void Lines_of_several_threads_do_not_mix()
    {
        const int Rounds = 200;
        using (SafeFileHandle file = File.OpenHandle(_path, FileMode.Append, FileAccess.Write))
        {
            Tracing<SystemHeap> tracing = new(default, (int)file.DangerousGetHandle());
            Together(thread =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    Layout layout = Layout.Create((nuint)((thread * 1000) + round), 16);
                    tracing.Deallocate(tracing.Allocate(layout), layout);
                }
            });
        }

        string[] lines = File.ReadAllLines(_path);
        Assert.Equal(Count * Rounds * 2, lines.Length);
        using StringReader text = new("noise\n" + string.Join('\n', lines) + "\nnoise");
        TraceEvent[] events = [.. TraceEvent.Read(text)];
        Assert.Equal(lines.Length, events.Length);

        HashSet<nuint> inUse = [];
        Assert.All(events, trace => Assert.True(
            trace.Kind == TraceEventKind.Allocate ? inUse.Add(trace.Address) : inUse.Remove(trace.Address)));
        Assert.Empty(inUse);
    }

    private static nuint Any(Random random) => (nuint)((ulong)random.NextInt64() << 1) >> random.Next(64);

    private static (TraceEventKind, nuint, nuint, nuint, nuint, nuint) Shape(TraceEvent trace) =>
        (trace.Kind, trace.Address, trace.Size, trace.Alignment, trace.NewAddress, trace.NewSize);

    private static List<TraceEvent> Drain(TraceRing ring)
    {
        List<TraceEvent> events = [];
        foreach (TraceEvent trace in ring.Read())
        {
            events.Add(trace);
        }

        return events;
    }
}
