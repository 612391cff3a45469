using System;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <remarks>The C library of the test host moves the break, too, so each test is brief.</remarks>
[Collection(nameof(Alone))]
public unsafe class BrkPageSourceTests
{
    private const nuint Size = 1 << 20;

    private static BrkPageSource Pages => default;

    [Fact]
    public void Reserve_honours_the_alignment_and_release_lowers_the_break()
    {
        byte* start = (byte*)Pages.Reserve(Size, 1 << 16);
        bool aligned = start != null && (nuint)start % (1 << 16) == 0;
        bool zero = aligned && Pages.Commit(start, Size) && Pattern.IsZero(start, Size);
        bool purged = zero && Writes(start) && Pages.Purge(start, Size) && Pattern.IsZero(start, Size);
        nuint top = Os.Linux.Break(0);
        Pages.Release(start, Size);
        nuint after = Os.Linux.Break(0);
        Assert.True(aligned);
        Assert.True(zero);
        Assert.True(purged);
        Assert.True(after < top);
    }

    [Fact]
    public void Reserve_of_more_than_there_is_returns_null()
    {
        nuint top = Os.Linux.Break(0);
        Assert.True(Pages.Reserve((nuint)1 << 50, 4096) == null);
        Assert.True(Pages.Reserve(Layout.MaxSize, 4096) == null);
        Assert.Equal(top, Os.Linux.Break(0));
    }

    [Fact]
    public void Ranges_that_threads_reserve_at_once_do_not_overlap()
    {
        const int Threads = 4, Ranges = 50;
        const nuint Length = 16 << 12;
        nuint[] starts = new nuint[Threads * Ranges];
        Thread[] threads = new Thread[Threads];
        for (int index = 0; index < Threads; index++)
        {
            int first = index * Ranges;
            threads[index] = new Thread(() =>
            {
                for (int range = first; range < first + Ranges; range++)
                {
                    starts[range] = (nuint)Pages.Reserve(Length, 4096);
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Array.Sort(starts);
        for (int index = 1; index < starts.Length; index++)
        {
            Assert.True(starts[index] - starts[index - 1] >= Length);
        }

        for (int index = starts.Length - 1; index >= 0; index--)
        {
            Pages.Release((void*)starts[index], Length);
        }
    }

    private static bool Writes(byte* start)
    {
        Pattern.Fill(start, Size, 3);
        return true;
    }
}
