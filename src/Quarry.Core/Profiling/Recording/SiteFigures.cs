namespace Quarry;

/// <summary>Applies events to the figures of a site, of its thread, and of the whole profile.</summary>
/// <remarks>
/// <para>
/// The figures at the peak are copied lazily. The header counts the peaks; a site that is about to change and
/// has not changed since the last peak first copies its live figures, which are those at the peak. An event
/// therefore costs the same whether or not it is a new peak, and the sum over all sites of what they had at
/// the peak is the peak.
/// </para>
/// <para>The caller holds the <see cref="SiteLock"/>.</para>
/// </remarks>
internal static unsafe class SiteFigures
{
    /// <summary>Adds an allocated block, or the blocks that a sampled one stands for.</summary>
    internal static void Allocated(
        ProfileHeader* header, ProfileSite* site, ProfileThread* thread, in SiteAmount amount, ulong time)
    {
        KeepPeak(header, site);
        Count(header, site, thread, amount, time);
        site->LiveBytes += amount.Bytes;
        site->LiveBlocks += amount.Blocks;
        site->LiveUsableBytes += amount.UsableBytes;
        site->LiveTimes += amount.Times(time);
        site->LiveSamples++;
        if (amount.Variance != 0)
        {
            site->LiveBytesVariance += amount.Variance;
        }

        header->Totals.LiveBytes += amount.Bytes;
        header->Totals.LiveBlocks += amount.Blocks;
        Raise(header, site, time);
    }

    /// <summary>
    /// Changes the size of a block: as in DHAT, a reallocation counts as one more block of the new size.
    /// </summary>
    /// <param name="header">The header of the file.</param>
    /// <param name="site">The site that allocated the block.</param>
    /// <param name="thread">The thread that reallocates it.</param>
    /// <param name="from">The amount that was added.</param>
    /// <param name="to">The amount with the new size.</param>
    /// <param name="allocated">The time of the allocation.</param>
    /// <param name="time">The current time.</param>
    internal static void Resized(
        ProfileHeader* header, ProfileSite* site, ProfileThread* thread,
        in SiteAmount from, in SiteAmount to, ulong allocated, ulong time)
    {
        KeepPeak(header, site);
        Count(header, site, thread, to, time);
        site->LiveBytes += to.Bytes - from.Bytes;
        site->LiveBlocks += to.Blocks - from.Blocks;
        site->LiveUsableBytes += to.UsableBytes - from.UsableBytes;
        site->LiveTimes += to.Times(allocated) - from.Times(allocated);
        site->LiveBytesVariance += to.Variance - from.Variance;
        header->Totals.LiveBytes += to.Bytes - from.Bytes;
        header->Totals.LiveBlocks += to.Blocks - from.Blocks;
        if (thread != null)
        {
            thread->FreedBytes += from.Bytes;
        }

        Raise(header, site, time);
    }

    /// <summary>Subtracts a freed block.</summary>
    /// <param name="header">The header of the file.</param>
    /// <param name="site">The site that allocated the block.</param>
    /// <param name="thread">The thread that frees it; null if unknown.</param>
    /// <param name="amount">The amount that was added.</param>
    /// <param name="allocated">The time of the allocation.</param>
    /// <param name="time">The current time.</param>
    internal static void Freed(
        ProfileHeader* header, ProfileSite* site, ProfileThread* thread,
        in SiteAmount amount, ulong allocated, ulong time)
    {
        KeepPeak(header, site);
        site->LiveBytes -= amount.Bytes;
        site->LiveBlocks -= amount.Blocks;
        site->LiveUsableBytes -= amount.UsableBytes;
        site->LiveTimes -= amount.Times(allocated);
        site->LiveSamples--;
        site->Lifetimes += amount.Times(time - allocated);
        if (amount.Variance != 0)
        {
            site->LiveBytesVariance -= amount.Variance;
        }

        header->Totals.LiveBytes -= amount.Bytes;
        header->Totals.LiveBlocks -= amount.Blocks;
        if (thread != null)
        {
            thread->FreedBytes += amount.Bytes;
        }
    }

    /// <summary>Adds an ad hoc event, which is no part of the totals.</summary>
    internal static void Reported(ProfileSite* site, ulong weight, ulong time)
    {
        Extend(site, weight, time);
        site->Bytes += weight;
        site->Blocks += SiteAmount.OneBlock;
        site->UsableBytes += weight;
        site->Samples++;
    }

    /// <summary>
    /// Sets the live figures of a site to zero, at the start of another recording, which knows none of its
    /// blocks.
    /// </summary>
    internal static void Forget(ProfileHeader* header, ProfileSite* site)
    {
        KeepPeak(header, site);
        site->LiveBytes = 0;
        site->LiveBlocks = 0;
        site->LiveUsableBytes = 0;
        site->LiveTimes = 0;
        site->LiveSamples = 0;
        site->LiveBytesVariance = 0;
    }

    /// <summary>Sets all figures of a site to zero.</summary>
    internal static void Clear(ProfileSite* site) =>
        *site = new ProfileSite { StackOffset = site->StackOffset, Hash = site->Hash };

    private static void KeepPeak(ProfileHeader* header, ProfileSite* site)
    {
        if (site->PeakEpoch != header->PeakEpoch)
        {
            site->AtPeakBytes = site->LiveBytes;
            site->AtPeakBlocks = site->LiveBlocks;
            site->PeakEpoch = header->PeakEpoch;
        }
    }

    private static void Count(
        ProfileHeader* header, ProfileSite* site, ProfileThread* thread, in SiteAmount amount, ulong time)
    {
        Extend(site, amount.Size, time);
        site->Bytes += amount.Bytes;
        site->Blocks += amount.Blocks;
        site->UsableBytes += amount.UsableBytes;
        site->Samples++;
        if (amount.Variance != 0)
        {
            site->BytesVariance += amount.Variance;
        }

        header->Totals.Bytes += amount.Bytes;
        header->Totals.Blocks += amount.Blocks;
        header->Totals.Samples++;
        if (thread != null)
        {
            thread->Bytes += amount.Bytes;
            thread->Blocks += amount.Blocks;
        }
    }

    private static void Extend(ProfileSite* site, ulong size, ulong time)
    {
        if (site->Samples == 0)
        {
            site->MinSize = size;
            site->FirstTime = time;
        }

        site->MinSize = size < site->MinSize ? size : site->MinSize;
        site->MaxSize = size > site->MaxSize ? size : site->MaxSize;
        site->LastTime = time;
    }

    // The latest of equal peaks counts, as in DHAT.
    private static void Raise(ProfileHeader* header, ProfileSite* site, ulong time)
    {
        if (site->LiveBytes >= site->MaxBytes)
        {
            site->MaxBytes = site->LiveBytes;
            site->MaxBlocks = site->LiveBlocks;
        }

        if (header->Totals.LiveBytes >= header->Totals.PeakBytes)
        {
            header->Totals.PeakBytes = header->Totals.LiveBytes;
            header->Totals.PeakBlocks = header->Totals.LiveBlocks;
            header->Totals.PeakTime = time;
            header->PeakEpoch++;
        }
    }
}
