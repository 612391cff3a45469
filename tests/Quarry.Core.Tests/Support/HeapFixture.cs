using System;

namespace Quarry.Core.Tests;

/// <summary>A heap from the inside, with the calling thread's part of it.</summary>
internal sealed unsafe class HeapFixture : IDisposable
{
    internal HeapFixture(
        nuint reserve = 4 << 20,
        nuint limit = 0,
        int decay = -1,
        PageSource? pages = null,
        GuardedBlocks* guards = null)
    {
        HeapOptions options = new()
        {
            PageSource = pages ?? PageSource.Mmap(),
            ReserveBytes = reserve,
            LimitBytes = limit,
            DecayMilliseconds = decay,
            Guards = guards,
        };
        State = HeapState.TryCreate<EightPerDoubling>(&options);
        Thread = ThreadLifetime.Acquire(State, Os.ThreadId());
    }

    internal HeapState* State { get; }

    internal ThreadHeap* Thread { get; }

    internal HeapStatistics Statistics
    {
        get
        {
            SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
            HeapUpkeep.Settle(Thread);
            return HeapCensus.Take<EightPerDoubling>(State, classes);
        }
    }

    internal nuint Regions
    {
        get
        {
            nuint count = 0;
            for (Region* region = State->Backend.First; region != null; region = region->Next)
            {
                count++;
            }

            return count;
        }
    }

    public void Dispose() => HeapState.Destroy(State);
}
