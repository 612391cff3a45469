using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Blocks;

/// <summary>The shared form under several threads at once.</summary>
public sealed unsafe class BumpThreadsTests
{
    private const int Threads = 4;

    [Fact]
    public void Blocks_of_several_threads_never_overlap_and_fill_the_range()
    {
        const int Size = 24;
        using Bump<Shared> bump = new(3.MiB());
        List<nuint>[] taken = new List<nuint>[Threads];
        Together(thread =>
        {
            List<nuint> mine = taken[thread] = [];
            for (; ; )
            {
                nuint* block = (nuint*)bump.Allocate(Layout.Create(Size, 8));
                if (block == null)
                {
                    return;
                }

                block[0] = block[1] = block[2] = (nuint)block;
                mine.Add((nuint)block);
            }
        });

        List<nuint> all = [];
        foreach (List<nuint> mine in taken)
        {
            all.AddRange(mine);
        }

        all.Sort();
        Assert.Equal((int)(bump.CapacityBytes / Size), all.Count);
        for (int at = 0; at < all.Count; at++)
        {
            Assert.Equal(all[0] + ((nuint)at * Size), all[at]);
            Assert.Equal(all[at], ((nuint*)all[at])[2]);
        }
    }

    [Fact]
    public void Growing_and_giving_back_the_last_block_takes_nothing_from_other_threads()
    {
        using Bump<Shared> bump = new(64.MiB());
        int broken = 0;
        Together(thread =>
        {
            nuint tag = (nuint)(thread + 1);
            for (int round = 0; round < 20_000; round++)
            {
                nuint* block = (nuint*)bump.AllocateZeroed(Layout.Of<nuint>());
                bool zero = *block == 0;
                *block = tag;
                nuint count = 1;
                if (bump.TryResize(block, Layout.Of<nuint>(), 2 * (nuint)sizeof(nuint)))
                {
                    block[1] = tag;
                    count = 2;
                }

                Thread.SpinWait(round % 16);
                if (!zero || block[0] != tag || block[count - 1] != tag)
                {
                    _ = Interlocked.Increment(ref broken);
                }

                bump.Deallocate(block, Layout.Create(count * (nuint)sizeof(nuint), (nuint)sizeof(nuint)));
            }
        });

        Assert.Equal(0, broken);
    }

    private static void Together(System.Action<int> body)
    {
        using Barrier start = new(Threads);
        Thread[] threads = new Thread[Threads];
        for (int index = 0; index < Threads; index++)
        {
            int thread = index;
            threads[index] = new Thread(() =>
            {
                start.SignalAndWait();
                body(thread);
            });
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }
}
