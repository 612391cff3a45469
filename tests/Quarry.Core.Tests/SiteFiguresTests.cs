using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the figures of sites against a model that copies all sites at each peak.</summary>
public sealed unsafe class SiteFiguresTests : IDisposable
{
    private const int Sites = 8;

    private readonly ProfileHeader* _header =
        (ProfileHeader*)NativeMemory.AllocZeroed((nuint)sizeof(ProfileHeader));

    private readonly ProfileSite* _sites =
        (ProfileSite*)NativeMemory.AllocZeroed(Sites * (nuint)sizeof(ProfileSite));

    private readonly ProfileThread* _thread =
        (ProfileThread*)NativeMemory.AllocZeroed((nuint)sizeof(ProfileThread));

    public void Dispose()
    {
        NativeMemory.Free(_header);
        NativeMemory.Free(_sites);
        NativeMemory.Free(_thread);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_events_agree_with_the_model(int seed)
    {
        Random random = new(seed);
        List<(int Site, nuint Size, ulong Time)> blocks = [];
        ulong[] live = new ulong[Sites], most = new ulong[Sites], total = new ulong[Sites];
        ulong[] atPeak = new ulong[Sites], lifetimes = new ulong[Sites];
        ulong peak = 0;
        for (ulong time = 1; time < 20_000; time++)
        {
            int choice = random.Next(5);
            if (choice < 2 || blocks.Count == 0)
            {
                (int Site, nuint Size, ulong Time) block =
                    (random.Next(Sites), (nuint)random.Next(1, 100) * 16, time);
                blocks.Add(block);
                SiteFigures.Allocated(_header, &_sites[block.Site], _thread, Amount(block.Size), time);
                live[block.Site] += block.Size;
                total[block.Site] += block.Size;
            }
            else
            {
                int index = random.Next(blocks.Count);
                (int Site, nuint Size, ulong Time) block = blocks[index];
                live[block.Site] -= block.Size;
                if (choice == 2)
                {
                    nuint size = (nuint)random.Next(1, 100) * 16;
                    SiteFigures.Resized(
                        _header, &_sites[block.Site], _thread, Amount(block.Size), Amount(size),
                        block.Time, time);
                    blocks[index] = (block.Site, size, block.Time);
                    live[block.Site] += size;
                    total[block.Site] += size;
                }
                else
                {
                    SiteFigures.Freed(
                        _header, &_sites[block.Site], _thread, Amount(block.Size), block.Time, time);
                    lifetimes[block.Site] += time - block.Time;
                    blocks.RemoveAt(index);
                    continue;
                }
            }

            ulong sum = live.Aggregate((a, b) => a + b);
            if (sum >= peak)
            {
                peak = sum;
                live.CopyTo(atPeak, 0);
            }

            for (int site = 0; site < Sites; site++)
            {
                most[site] = Math.Max(most[site], live[site]);
            }
        }

        Assert.Equal(peak, _header->Totals.PeakBytes);
        Assert.Equal(_header->Totals.LiveBytes, _thread->Bytes - _thread->FreedBytes);
        for (int site = 0; site < Sites; site++)
        {
            ProfileSite* figures = &_sites[site];
            Assert.Equal((live[site], total[site], most[site], lifetimes[site]),
                (figures->LiveBytes, figures->Bytes, figures->MaxBytes, figures->Lifetimes));
            Assert.Equal(blocks.Where(block => block.Site == site).Sum(block => (long)block.Time),
                (long)figures->LiveTimes);
            Assert.Equal(atPeak[site],
                figures->PeakEpoch == _header->PeakEpoch ? figures->AtPeakBytes : figures->LiveBytes);
        }
    }

    [Fact]
    public void Forgetting_keeps_the_peak()
    {
        SiteFigures.Allocated(_header, _sites, null, Amount(160), 1);
        SiteFigures.Allocated(_header, _sites + 1, null, Amount(320), 2);
        SiteFigures.Forget(_header, _sites);
        SiteFigures.Forget(_header, _sites + 1);
        Assert.Equal((160UL, 320UL), (_sites[0].AtPeakBytes, _sites[1].AtPeakBytes));
        Assert.Equal((0UL, 0UL, 160UL), (_sites[0].LiveBytes, _sites[1].LiveBytes, _sites[0].Bytes));
    }

    [Fact]
    public void Ad_hoc_events_are_no_part_of_the_totals()
    {
        SiteFigures.Reported(_sites, 100, 1);
        SiteFigures.Reported(_sites, 50, 2);
        Assert.Equal((150UL, 50UL, 100UL, 2UL),
            (_sites->Bytes, _sites->MinSize, _sites->MaxSize, _sites->Samples));
        Assert.Equal(0UL, _header->Totals.Bytes);
    }

    private static SiteAmount Amount(nuint size) => SiteAmount.OfBlock(size, size);
}
