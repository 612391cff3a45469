namespace Quarry.Malloc;

/// <summary>The figures of a line of a dump: numbers of samples, not of what they stand for.</summary>
internal struct DumpCounts
{
    /// <summary>The blocks in use, and their usable bytes.</summary>
    internal ulong Blocks, Bytes;

    /// <summary>The blocks that were ever allocated, and their usable bytes.</summary>
    internal ulong AllBlocks, AllBytes;

    /// <summary>
    /// Returns the number of samples that stand for a number of blocks; jeprof computes the inverse.
    /// </summary>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="size">Their size, in bytes.</param>
    /// <param name="interval">The mean number of bytes between two samples.</param>
    internal static ulong Sampled(double blocks, double size, nuint interval) =>
        Round(blocks * Probability(size, interval));

    /// <summary>Returns the counts of all blocks that a site has allocated.</summary>
    internal static unsafe DumpCounts OfAllocated(ProfileSite* site, nuint interval)
    {
        double blocks = (double)(long)site->Blocks / SiteAmount.OneBlock;
        double bytes = (double)(long)site->UsableBytes;
        double probability = blocks > 0 ? Probability(bytes / blocks, interval) : 0;
        return new DumpCounts
        {
            AllBlocks = Round(blocks * probability),
            AllBytes = Round(bytes * probability),
        };
    }

    internal void Add(in DumpCounts other)
    {
        Blocks += other.Blocks;
        Bytes += other.Bytes;
        AllBlocks += other.AllBlocks;
        AllBytes += other.AllBytes;
    }

    private static double Probability(double size, nuint interval) =>
        interval <= 1 ? 1 : SampleProbability.Of(size / (double)(long)interval);

    private static ulong Round(double value) => (ulong)(long)(value + 0.5);
}
