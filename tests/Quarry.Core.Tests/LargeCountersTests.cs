using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The statistics of large blocks, by step.</summary>
public sealed class LargeCountersTests
{
    private const nuint Small = 100_000, Large = 1_000_000;

    private LargeCounters _counters;

    [Fact]
    public void A_resized_block_changes_its_step()
    {
        _counters.Allocated(Small);
        _counters.Allocated(Small);
        _counters.Resized(Small, Large);
        _counters.Resized(Large, Large + 1);
        int small = LargeSteps.IndexOf(Small), large = LargeSteps.IndexOf(Large);
        Assert.Equal((2, 1), ((int)_counters.AllocationsAt(small), (int)_counters.FreesAt(small)));
        Assert.Equal((1, 0), ((int)_counters.AllocationsAt(large), (int)_counters.FreesAt(large)));
        Assert.Equal((nuint)2, _counters.Allocations);
        Assert.Equal(Small + Large + 1, _counters.InUse);
        Assert.Equal(Small + Large + 1, _counters.Requested);
        _counters.Freed(Large + 1);
        Assert.Equal(((nuint)3, (nuint)2), (_counters.SumEntered(), _counters.SumLeft()));
        Assert.Equal((nuint)2, _counters.Allocations);
        Assert.Equal(Small, _counters.InUse);
    }

    [Fact]
    public void Threads_count_together()
    {
        Thread[] threads = new Thread[4];
        for (int index = 0; index < threads.Length; index++)
        {
            threads[index] = new Thread(() =>
            {
                for (int round = 0; round < 10_000; round++)
                {
                    _counters.Allocated(Small);
                    _counters.Resized(Small, Large);
                    _counters.Freed(Large);
                }
            });
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal((nuint)40_000, _counters.Allocations);
        Assert.Equal(((nuint)80_000, (nuint)80_000), (_counters.SumEntered(), _counters.SumLeft()));
        Assert.Equal((nuint)0, _counters.InUse);
    }
}
