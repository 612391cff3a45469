namespace Quarry;

/// <content>Returning unused memory to the system.</content>
internal unsafe partial struct HeapBackend
{
    // The most slices, 8 MiB, that one call purges: about half a millisecond of system calls. What is left of
    // a pass is purged by later calls.
    private const nuint PurgeBudget = 128;

    /// <summary>Purges part of what has been free for the decay time.</summary>
    /// <remarks>
    /// Memory is purged at the end of the period after the one it was freed in, so a period is half of the
    /// decay time.
    /// </remarks>
    /// <param name="now">The time, in milliseconds.</param>
    internal void Decay(nuint now)
    {
        nuint due = Atomic.Read(ref DecayDue);

        // Only the thread that sets the next period starts a pass.
        if (now >= due && Atomic.TryReplace(ref DecayDue, due, now + (nuint)((DecayMilliseconds + 1) / 2)))
        {
            for (Region* region = First; region != null; region = region->Next)
            {
                Atomic.Write(ref region->PurgeWord, 0);
            }
        }

        nuint budget = PurgeBudget;
        for (Region* region = First; region != null && budget != 0; region = region->Next)
        {
            region->PurgeSome(ref budget);
        }
    }

    /// <summary>Purges everything that is free; returns the number of bytes purged.</summary>
    internal readonly nuint PurgeAll()
    {
        nuint slices = 0;
        for (Region* region = First; region != null; region = region->Next)
        {
            slices += region->PurgeAll();
        }

        return slices << Region.Log2Slice;
    }
}
