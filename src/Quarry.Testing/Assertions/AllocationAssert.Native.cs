using System;
using System.Linq;

namespace Quarry.Testing;

/// <content>What is asserted of native memory, and of what stays in use.</content>
public static partial class AllocationAssert
{
    // Each round is a full collection; enough of them that what grows by chance does not grow each time.
    private const int LeakRounds = 5, RunsPerRound = 16;

    // Less than the smallest object in three runs is not from the action.
    private const long LeastLeak = RunsPerRound * 8;

    /// <summary>
    /// Asserts how many native bytes the action has in use at once, beyond those before it.
    /// </summary>
    /// <param name="bytes">The most bytes; of several sources, the sum of their peaks.</param>
    /// <param name="action">The code. It is run twice, as the first time may fill caches.</param>
    /// <param name="native">What it takes memory from.</param>
    /// <exception cref="AllocationAssertionException">There are more.</exception>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public static void PeaksAt(long bytes, Action action, params ReadOnlySpan<MemorySource> native)
    {
        Verify(bytes, action);
        MemorySource[] sources = Required(native);
        action();
        NativeStatistics[] uses = NativeUses(action, sources);
        long peak = uses.Sum(use => use.PeakBytes);
        if (peak > bytes)
        {
            uses = WithSites(uses, action, sources);
            throw new AllocationAssertionException(
                $"The action had {peak} native bytes in use at once; {bytes} are allowed."
                + FailureText.Of(uses))
            {
                AllowedBytes = bytes,
                NativeBytes = peak,
                NativeSites = [.. uses.SelectMany(use => use.Sites)],
            };
        }
    }

    /// <summary>
    /// Asserts that the action leaves nothing in use: no block of the sources, and no managed objects that
    /// become more from run to run.
    /// </summary>
    /// <remarks>
    /// The blocks are counted, after a first run that may fill caches. Managed objects are those of the
    /// process: the managed heap is collected between batches of runs, and must grow after each of them to be
    /// said to leak. An action that allocates no managed memory leaks none, and costs no collection.
    /// </remarks>
    /// <param name="action">The code.</param>
    /// <param name="native">What it takes memory from.</param>
    /// <exception cref="AllocationAssertionException">It leaks; the message names what.</exception>
    public static void NothingLeaks(Action action, params ReadOnlySpan<MemorySource> native)
    {
        Verify(0, action);
        MemorySource[] sources = native.ToArray();
        action();
        NativeStatistics[] uses = NativeUses(action, sources);
        if (uses.Any(use => use.Statistics.CurrentBlocks > 0 || use.LeftBytes > 0))
        {
            long left = uses.Sum(use => use.LeftBytes);
            uses = WithSites(uses, action, sources);
            throw new AllocationAssertionException(
                $"The action leaks {left} native bytes a run." + FailureText.Of(uses))
            {
                NativeBytes = left,
                NativeSites = [.. uses.SelectMany(use => use.Sites)],
            };
        }

        long allocated = ManagedCounter.Measure(action);
        long leaked = allocated == 0 ? 0 : ManagedLeak(action);
        if (leaked > 0)
        {
            SiteSearch search = SiteSearch.Of(action, allocated);
            throw new AllocationAssertionException(
                $"The action leaks {leaked} managed bytes a run, of {allocated} that it allocates:"
                + FailureText.Of(search))
            {
                ManagedBytes = leaked,
                Sites = search.Sites,
            };
        }
    }

    /// <summary>Bytes that each run leaves reachable; 0 unless the heap grows every time.</summary>
    /// <remarks>
    /// The median of the rounds, as other code of the process may release objects of its own in one of them.
    /// If it releases more than the action leaks, the heap shrinks. Such a round proves nothing, and the
    /// rounds begin again, but only once: with more attempts, a heap whose size varies by itself would grow
    /// in all rounds of one of them by chance.
    /// </remarks>
    private static long ManagedLeak(Action action)
    {
        long[] growth = new long[LeakRounds];
        long before = Footprint.LiveManagedBytes();
        bool hasShrunk = false;
        int round = 0;
        while (round < LeakRounds)
        {
            for (int run = 0; run < RunsPerRound; run++)
            {
                action();
            }

            long after = Footprint.LiveManagedBytes();
            long grown = after - before;
            before = after;
            if (grown >= LeastLeak)
            {
                growth[round++] = grown;
            }
            else if (grown < -LeastLeak && !hasShrunk)
            {
                hasShrunk = true;
                round = 0;
            }
            else
            {
                return 0;
            }
        }

        Array.Sort(growth);
        return growth[LeakRounds / 2] / RunsPerRound;
    }

    private static MemorySource[] Required(ReadOnlySpan<MemorySource> native) => native.Length > 0
        ? native.ToArray()
        : throw new ArgumentException("Name the sources of native memory to be counted.", nameof(native));

    private static long Allocated(MemorySource[] sources)
    {
        long bytes = 0;
        foreach (MemorySource source in sources)
        {
            bytes += source.Statistics.AllocatedBytes;
        }

        return bytes;
    }

    /// <summary>The figures of the run that failed, with the sites of a further one.</summary>
    private static NativeStatistics[] WithSites(
        NativeStatistics[] uses, Action action, MemorySource[] sources) =>
    [
        .. uses.Zip(NativeSites(action, sources), (use, further) => use with { Sites = further.Sites }),
    ];

    private static NativeStatistics[] NativeSites(Action action, MemorySource[] sources)
    {
        bool[] before = Array.ConvertAll(sources, source => source.RecordsSites);
        Array.ForEach(sources, source => source.RecordsSites = true);
        try
        {
            return NativeUses(action, sources);
        }
        finally
        {
            for (int index = 0; index < sources.Length; index++)
            {
                sources[index].RecordsSites = before[index];
            }
        }
    }

    private static NativeStatistics[] NativeUses(Action action, MemorySource[] sources)
    {
        using MemorySection section = MemorySection.Start(sources);
        action();
        return [.. section.Stop().Native];
    }
}
