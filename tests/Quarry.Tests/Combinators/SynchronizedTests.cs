using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class SynchronizedTests
{
    [Fact]
    public void A_pool_serves_four_threads()
    {
        const int Threads = 4, Rounds = 50_000, Held = 16;
        Heap heap = new();
        Pool<Heap> pool = new(heap, Layout.Of<long>());
        Synchronized<Pool<Heap>> guarded = new(pool);
        List<nuint>[] left = new List<nuint>[Threads];
        bool mixedUp = false;
        Thread[] threads = new Thread[Threads];
        for (int index = 0; index < Threads; index++)
        {
            int number = index;
            threads[index] = new Thread(() => left[number] = Churn(number));
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.False(mixedUp);
        nuint[] blocks = [.. left.SelectMany(list => list)];
        Assert.Equal(Threads * Held, blocks.Distinct().Count());
        guarded.Dispose();
        pool.Dispose();
        heap.Dispose();

        List<nuint> Churn(int number)
        {
            Queue<nuint> held = new();
            for (int round = 0; round < Rounds; round++)
            {
                long* block = (long*)guarded.Allocate(Layout.Of<long>());
                *block = ((long)number << 32) | (uint)round;
                held.Enqueue((nuint)block);
                if (held.Count > Held)
                {
                    long* oldest = (long*)held.Dequeue();
                    mixedUp |= *oldest != (((long)number << 32) | (uint)(round - Held));
                    guarded.Deallocate(oldest, Layout.Of<long>());
                }
            }

            return [.. held];
        }
    }

    [Fact]
    public void A_callback_that_throws_does_not_keep_the_lock()
    {
        using Limited<SystemHeap> limited = new(default, 1, layout => throw new System.TimeoutException());
        using Synchronized<Limited<SystemHeap>> guarded = new(limited);
        Assert.Throws<System.TimeoutException>(() => (nuint)guarded.Allocate(Layout.Create(2, 1)));
        Assert.True(guarded.Allocate(default) != null);
    }
}
