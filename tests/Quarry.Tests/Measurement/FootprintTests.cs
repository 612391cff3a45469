using System;
using System.Collections.Generic;
using Quarry.Tests.Testing;
using Xunit;

namespace Quarry.Tests.Measurement;

/// <summary>The footprint of a data structure is that of its objects and blocks.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class FootprintTests
{
    private const int Count = 200_000;

    [Fact]
    public void An_array_takes_its_elements()
    {
        FootprintStatistics figures = Footprint.Of("array", Count, () => new long[Count]);
        Assert.InRange(figures.ManagedBytes, Count * sizeof(long), Count * (sizeof(long) + 0.1));
        Assert.InRange(figures.BytesPerElement, 8, 8.1);
        Assert.Equal(0, figures.NativeBytes);
    }

    [Fact]
    public void What_building_leaves_behind_is_not_what_is_held()
    {
        FootprintStatistics figures = Footprint.Of("list", Count, () =>
        {
            List<long> list = [];
            for (int number = 0; number < Count; number++)
            {
                list.Add(number);
            }

            list.TrimExcess();
            return list;
        });
        Assert.InRange(figures.BytesPerElement, 8, 8.5);
        Assert.InRange(figures.ManagedBuildBytes, 2 * figures.ManagedBytes, long.MaxValue);
    }

    [Fact]
    public void Native_bytes_count_and_are_given_back()
    {
        using var counting = new Counting<SystemHeap>(default);
        MemorySource source = MemorySource.Of(counting);
        FootprintStatistics figures = Footprint.Of("block", Count, () => new Block(counting, Count), source);
        Assert.Equal(Count, figures.NativeBytes);
        Assert.Equal(Count, figures.NativeBuildBytes);
        Assert.InRange(figures.ManagedBytes, 0, Count / 10);
        Assert.Equal(0, source.Statistics.CurrentBytes);
    }

    [Fact]
    public void A_table_compares_with_the_first()
    {
        FootprintTable table = Footprint.Compare(
            new FootprintStatistics("one", 10) { ManagedBytes = 1000 },
            new FootprintStatistics("another", 10) { ManagedBytes = 500, NativeBytes = 2000 });
        string[] lines = table.ToString().Split(Environment.NewLine);
        Assert.Equal(
            ["one", "1,000", "0", "100.0", "1.00", "0"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            ["another", "500", "2,000", "250.0", "2.50", "0"],
            lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class Block(Counting<SystemHeap> allocator, nuint size) : IDisposable
    {
        private readonly void* _block = allocator.Allocate(Layout.Create(size, 8));

        public void Dispose() => allocator.Deallocate(_block, Layout.Create(size, 8));
    }
}
