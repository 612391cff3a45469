using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

public sealed unsafe class TraceRingTests
{
    [Fact]
    public void Events_come_out_as_they_went_in_and_only_once()
    {
        using TraceRing ring = new(8);
        TraceEvent first = new()
        {
            Kind = TraceEventKind.Reallocate,
            Address = unchecked((nuint)0x7FFF_1234_5678),
            Size = 100,
            Alignment = 4096,
            NewAddress = unchecked((nuint)0x7FFF_8765_4321),
            NewSize = Layout.MaxSize,
            Thread = unchecked((nuint)0x7FFF_FFFF_FFFF),
            Nanoseconds = ulong.MaxValue,
        };
        TraceEvent second = new() { Kind = TraceEventKind.Allocate, Alignment = 1 };
        ring.Write(&first);
        ring.Write(&second);

        Assert.Equal([first, second], Drain(ring));
        Assert.Empty(Drain(ring));
        Assert.Equal((nuint)0, ring.LostEvents);
    }

    [Fact]
    public void A_full_ring_overwrites_the_oldest()
    {
        using TraceRing ring = new(5);
        Assert.Equal((nuint)8, ring.Capacity);
        WriteSizes(ring, 0, 20);
        Assert.Equal(Enumerable.Range(12, 8), Sizes(ring));
        Assert.Equal((nuint)12, ring.LostEvents);
        WriteSizes(ring, 20, 3);
        Assert.Equal(Enumerable.Range(20, 3), Sizes(ring));
    }

    [Fact]
    public void A_full_ring_drops_the_newest_when_told_so()
    {
        using TraceRing ring = new(8, TraceOverflow.DropNewest);
        WriteSizes(ring, 0, 20);
        Assert.Equal((nuint)12, ring.LostEvents);
        Assert.Equal(Enumerable.Range(0, 8), Sizes(ring));
        WriteSizes(ring, 20, 3);
        Assert.Equal(Enumerable.Range(20, 3), Sizes(ring));
    }

    [Theory]
    [InlineData(TraceOverflow.OverwriteOldest)]
    [InlineData(TraceOverflow.DropNewest)]
    public void Concurrent_writers_never_mix_their_events(TraceOverflow overflow)
    {
        const int Events = 50_000;
        using TraceRing ring = new(64, overflow);
        List<TraceEvent> read = [];
        Together(thread =>
        {
            if (thread == 0)
            {
                for (int round = 0; round < 2000; round++)
                {
                    read.AddRange(Drain(ring));
                }

                return;
            }

            for (int number = 0; number < Events; number++)
            {
                nuint value = (nuint)((thread * Events) + number);
                TraceEvent trace = new()
                {
                    Kind = TraceEventKind.Reallocate,
                    Thread = (nuint)thread,
                    Nanoseconds = value,
                    Address = value,
                    Size = value,
                    Alignment = 1,
                    NewAddress = value,
                    NewSize = value,
                };
                ring.Write(&trace);
            }
        });
        read.AddRange(Drain(ring));

        Assert.All(read, trace => Assert.True(
            trace.Address == (nuint)trace.Nanoseconds && trace.Size == trace.Address
            && trace.NewAddress == trace.Address && trace.NewSize == trace.Address
            && trace.Thread == trace.Address / Events));
        foreach (IGrouping<nuint, TraceEvent> writer in read.GroupBy(trace => trace.Thread))
        {
            ulong[] order = [.. writer.Select(trace => trace.Nanoseconds)];
            Assert.Equal(order.Distinct().Order(), order);
        }

        Assert.Equal((nuint)((Count - 1) * Events), (nuint)read.Count + ring.LostEvents);
    }

    [Fact]
    public void A_position_that_was_given_up_does_not_stop_the_reader()
    {
        using TraceRing ring = new(2);
        WriteSizes(ring, 0, 2);
        TraceRecord* records = Records(ring);
        nuint before = records[0].State;

        // As if a writer of the first lap slept in the middle of its record.
        records[0].State = 1;
        WriteSizes(ring, 2, 2);
        Assert.Equal([3], Sizes(ring));
        Assert.Equal((nuint)3, ring.LostEvents);

        records[0].State = before;
        WriteSizes(ring, 4, 2);
        Assert.Equal([4, 5], Sizes(ring));
    }

    [Fact]
    public void Reading_ends_at_an_event_that_is_still_being_written()
    {
        using TraceRing ring = new(4);
        WriteSizes(ring, 0, 3);
        TraceRecord* records = Records(ring);
        records[1].State--;
        Assert.Equal([0], Sizes(ring));
        records[1].State++;
        Assert.Equal([1, 2], Sizes(ring));
    }

    [Fact]
    public void A_ring_that_cannot_be_is_refused()
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new TraceRing(0));
        _ = Assert.Throws<OutOfMemoryException>(() => new TraceRing(Layout.MaxSize));
        Assert.False(TraceRing.TryCreate(0, TraceOverflow.DropNewest, out TraceRing none));
        Assert.True(none.IsDefault);
    }

    [Fact]
    public void A_ring_that_is_gone_takes_and_gives_nothing()
    {
        TraceRing ring = new(4);
        ring.Dispose();
        ring.Dispose();
        WriteSizes(ring, 0, 3);
        Assert.Empty(Sizes(ring));
        Assert.Equal((nuint)0, ring.Capacity);
        Assert.Equal((nuint)0, ring.LostEvents);
    }

    private static void WriteSizes(TraceRing ring, int first, int count)
    {
        for (int size = first; size < first + count; size++)
        {
            TraceEvent trace = new() { Kind = TraceEventKind.Allocate, Size = (nuint)size, Alignment = 1 };
            ring.Write(&trace);
        }
    }

    private static TraceRecord* Records(TraceRing ring) =>
        (*(StateHandle<TraceRingState>*)&ring).Pointer->Records;

    private static List<int> Sizes(TraceRing ring) => Drain(ring).ConvertAll(trace => (int)trace.Size);

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
