namespace Quarry;

/// <summary>Counts the ranges of unused slices of a heap, by their sizes.</summary>
/// <remarks>
/// Other threads keep running meanwhile, so neighboring slices may be of different moments. A slice that a
/// thread purges at the moment counts as used.
/// </remarks>
internal static unsafe class HeapExtents
{
    /// <summary>Adds the ranges of all regions.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="steps">One entry for each of the <see cref="ExtentSteps"/>.</param>
    internal static void Count(HeapBackend* backend, ExtentStatistics* steps)
    {
        for (Region* region = backend->First; region != null; region = region->Next)
        {
            Count(region, steps);
        }

        for (KeptBlock* kept = backend->Large->Kept; kept != null; kept = kept->Next)
        {
            Add(steps, kept->Slices << Region.Log2Slice, dirty: true);
        }
    }

    /// <summary>Adds a range.</summary>
    internal static void Add(ExtentStatistics* steps, nuint bytes, bool dirty)
    {
        if (bytes == 0)
        {
            return;
        }

        ExtentStatistics* step = &steps[ExtentSteps.IndexOf(bytes)];
        if (dirty)
        {
            step->Dirty++;
            step->DirtyBytes += bytes;
        }
        else
        {
            step->Retained++;
            step->RetainedBytes += bytes;
        }
    }

    private static void Count(Region* region, ExtentStatistics* steps)
    {
        nuint highWater = Atomic.Read(ref region->HighWater);
        nuint length = 0;
        bool dirty = false;
        for (nuint slice = region->FirstSlice; slice < highWater; slice++)
        {
            SliceWord* word = &region->Words[slice / 64];
            ulong bit = 1ul << (int)(slice % 64);
            bool free = (word->Free & bit) != 0;
            bool stale = ((word->Young | word->Old) & bit) != 0;
            if (!free || stale != dirty)
            {
                Add(steps, length << Region.Log2Slice, dirty);
                length = 0;
            }

            length += free ? 1u : 0;
            dirty = stale;
        }

        Add(steps, length << Region.Log2Slice, dirty);
        for (int index = 0; index < KeptRuns.Count; index++)
        {
            Add(steps, region->Kept.LengthAt(index) << Region.Log2Slice, dirty: true);
        }
    }
}
