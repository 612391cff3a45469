namespace Quarry;

/// <content>Returns unused memory to the system.</content>
internal unsafe partial struct HeapBackend
{
    // The most slices that one call purges, 8 MiB: about half a millisecond of system calls. Later calls
    // continue the pass.
    private const nuint PurgeBudget = 128;

    /// <summary>Purges some of the slices that have been free for the decay time.</summary>
    /// <remarks>
    /// A slice is purged at the end of the period after the one in which it was freed, so a period is half
    /// the decay time.
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

    /// <summary>Purges all free slices; returns the number of bytes purged.</summary>
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
