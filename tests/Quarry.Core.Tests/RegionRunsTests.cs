using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the search for runs of free slices in regions of several groups.</summary>
public sealed unsafe class RegionRunsTests : IDisposable
{
    private const int Groups = 6;

    private readonly RegionFixture _fixture = new((Groups * Region.GroupSlices) << Region.Log2Slice);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 700)]
    [InlineData(3, 5000)]
    public void The_first_run_that_fits_is_found(int seed, int most)
    {
        Random random = new(seed);
        Region* region = _fixture.Region;
        bool[] taken = new bool[region->SliceCount];
        List<(nuint Slice, nuint Count)> runs = [];

        // The rest of the first group is small enough for runs that end in the second one.
        nuint first = region->Allocate(Region.GroupSlices - 300, Region.SliceSize, out _);
        Array.Fill(taken, true, 0, (int)region->HighWater);
        runs.Add((first, 2000));
        for (int step = 0; step < 6000; step++)
        {
            if (runs.Count != 0 && random.Next(100) < 48)
            {
                int which = random.Next(runs.Count);
                (nuint slice, nuint count) = runs[which];
                runs[which] = runs[^1];
                runs.RemoveAt(runs.Count - 1);
                region->Free(slice, count, stale: random.Next(2) == 0);
                Array.Fill(taken, false, (int)slice, (int)count);
            }
            else if (random.Next(50) == 0)
            {
                _ = RegionFixture.Age(region);
            }
            else
            {
                nuint count = 1 + (nuint)(most * Math.Pow(random.NextDouble(), 4));
                nuint expected = FirstRun(region, taken, count);
                nuint highWater = region->HighWater;
                nuint slice = region->Allocate(count, Region.SliceSize, out _);
                if (slice == Region.None)
                {
                    Assert.Equal(Region.None, expected);
                    Assert.True(count > region->SliceCount - highWater);
                    continue;
                }

                Assert.Equal(expected == Region.None ? highWater : expected, slice);
                Array.Fill(taken, true, (int)slice, (int)count);
                runs.Add((slice, count));
            }
        }

        Assert.InRange(region->HighWater, Region.GroupSlices + 1, region->SliceCount);
    }

    [Fact]
    public void A_search_lowers_the_bounds_of_groups_without_a_run()
    {
        Region* region = _fixture.Region;
        nuint first = region->Allocate(3 * Region.GroupSlices, Region.SliceSize, out _);
        for (nuint slice = first; slice < first + (2 * Region.GroupSlices); slice += 5)
        {
            region->Free(slice, 3, stale: false);
        }

        // Freed one after the other, they were never part of a longer run.
        Assert.Equal(3u, region->BoundOf(first));
        Assert.Equal(first, region->Allocate(3, Region.SliceSize, out _));
        Assert.Equal(first + 5, region->Allocate(2, Region.SliceSize, out _));
        region->Free(first + 3, 2, stale: false);
        Assert.Equal(3u, region->BoundOf(first));
        region->Free(first, 3, stale: false);
        Assert.InRange(region->BoundOf(first), 5u, 8u);
        Assert.True(region->Allocate(100, Region.SliceSize, out _) >= first + (3 * Region.GroupSlices));
        Assert.InRange(region->BoundOf(first), 5u, 8u);
        Assert.Equal(first, region->Allocate(5, Region.SliceSize, out _));
        Assert.True(region->Allocate(5, Region.SliceSize, out _) >= first + (3 * Region.GroupSlices));
        Assert.Equal(4u, region->BoundOf(first));
    }

    private static nuint FirstRun(Region* region, bool[] taken, nuint count)
    {
        nuint begin = region->FirstSlice;
        for (nuint slice = begin; slice < region->HighWater; slice++)
        {
            begin = taken[slice] ? slice + 1 : begin;
            if (slice + 1 - begin == count)
            {
                return begin;
            }
        }

        return Region.None;
    }
}
