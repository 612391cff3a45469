using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class RegionConcurrencyTests : IDisposable
{
    private readonly RegionFixture _fixture = new(16 << 20);
    private readonly Region* _region;
    private readonly int[] _owners;

    public RegionConcurrencyTests()
    {
        _region = _fixture.Region;
        _owners = new int[_region->SliceCount];
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Threads_never_get_the_same_slice()
    {
        int collisions = 0;
        Parallel.For(1, 7, new ParallelOptions { MaxDegreeOfParallelism = 6 }, number =>
        {
            int seen = Hammer(number, rounds: 30_000);
            _ = Interlocked.Add(ref collisions, seen);
        });

        Assert.Equal(0, collisions);
        Assert.True(RegionFixture.EverythingIsFree(_region));
    }

    private int Hammer(int number, int rounds)
    {
        Random random = new(number);
        List<(nuint Slice, nuint Count)> mine = [];
        int collisions = 0;
        for (int round = 0; round < rounds; round++)
        {
            if (mine.Count > 12 || (mine.Count > 0 && random.Next(2) == 0))
            {
                int index = random.Next(mine.Count);
                collisions += Release(number, mine[index]);
                mine.RemoveAt(index);
            }
            else
            {
                nuint count = random.Next(3) == 0 ? (nuint)random.Next(1, 20) : 1;
                nuint alignment = Region.SliceSize << (random.Next(8) == 0 ? random.Next(4) : 0);
                nuint slice = _region->Allocate(count, alignment, out SliceRun clean);
                if (slice != Region.None)
                {
                    collisions += Claim(number, (slice, count), clean.Count == count);
                    mine.Add((slice, count));
                }
            }

            if (round % 512 == 0)
            {
                _ = number == 1 ? _region->PurgeAll() : RegionFixture.Age(_region);
            }
        }

        foreach ((nuint, nuint) run in mine)
        {
            collisions += Release(number, run);
        }

        return collisions;
    }

    private int Claim(int number, (nuint Slice, nuint Count) run, bool zeroed)
    {
        int collisions = 0;
        for (nuint slice = run.Slice; slice < run.Slice + run.Count; slice++)
        {
            byte* start = _region->AddressOf(slice);
            collisions += Interlocked.Exchange(ref _owners[slice], number) == 0 ? 0 : 1;
            collisions += zeroed && *start != 0 ? 1 : 0;
            *start = (byte)number;
        }

        return collisions;
    }

    private int Release(int number, (nuint Slice, nuint Count) run)
    {
        int collisions = 0;
        for (nuint slice = run.Slice; slice < run.Slice + run.Count; slice++)
        {
            collisions += *_region->AddressOf(slice) == number ? 0 : 1;
            collisions += Interlocked.Exchange(ref _owners[slice], 0) == number ? 0 : 1;
        }

        _region->Free(run.Slice, run.Count, stale: true);
        return collisions;
    }
}
