using System;

namespace Quarry.Profiles;

/// <summary>Converts the numbers of the file into those of the public types.</summary>
internal static class ProfileNumbers
{
    // Of ProfileThread.Name.
    private const int NameCapacity = 16;

    /// <summary>
    /// A size or an integer. The difference of two figures that are written one after the other may be
    /// negative for a moment, which is read as 0.
    /// </summary>
    internal static long Bytes(ulong value) => Math.Max(0, (long)value);

    /// <summary>A block count in fixed point.</summary>
    internal static double Blocks(ulong value) => (double)Bytes(value) / (1 << ProfileHeader.BlockBits);

    /// <summary>A time in nanoseconds.</summary>
    internal static TimeSpan Time(ulong nanoseconds) =>
        new((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    internal static RecordedTotals Totals(in ProfileTotals totals) => new()
    {
        Bytes = Bytes(totals.Bytes),
        Blocks = Blocks(totals.Blocks),
        LiveBytes = Bytes(totals.LiveBytes),
        LiveBlocks = Blocks(totals.LiveBlocks),
        PeakBytes = Bytes(totals.PeakBytes),
        PeakBlocks = Blocks(totals.PeakBlocks),
        PeakTime = Time(totals.PeakTime),
        Samples = Bytes(totals.Samples),
    };

    internal static RecordedLosses Losses(in ProfileLosses losses) => new()
    {
        Nested = Bytes(losses.Nested),
        NoRoom = Bytes(losses.NoRoom),
        Truncated = Bytes(losses.Truncated),
        Incomplete = Bytes(losses.Incomplete),
    };

    internal static RecordedStatistics Statistics(in ProfileHeader header) => new()
    {
        InUseBytes = Bytes(header.Figures.InUseBytes),
        InUseBlocks = Bytes(header.Figures.InUseBlocks),
        UsedBytes = Bytes(header.Figures.UsedBytes),
        PeakUsedBytes = Bytes(header.Figures.PeakUsedBytes),
        CommittedBytes = Bytes(header.Figures.CommittedBytes),
        ResidentBytes = Bytes(header.Figures.ResidentBytes),
        PeakResidentBytes = Bytes(header.Figures.PeakResidentBytes),
        Allocations = Bytes(header.Figures.Allocations),
        Frees = Bytes(header.Figures.Frees),
        AllocatedBytes = Bytes(header.Figures.AllocatedBytes),
        Threads = Bytes(header.Figures.Threads),
        ProcessorTime = Time(header.Figures.ProcessorTime),
        Time = header.UpdatedTime == 0 ? null : Time(header.UpdatedTime),
    };

    internal static RecordedSite Site(in ProfileSite site, RecordedStack stack, ulong peakEpoch)
    {
        // A site that has not changed since the peak has no copy of its figures: they are those of the peak.
        bool changed = site.PeakEpoch == peakEpoch;
        return new RecordedSite
        {
            Stack = stack,
            Bytes = Bytes(site.Bytes),
            BytesError = Error(site.BytesVariance),
            Blocks = Blocks(site.Blocks),
            UsableBytes = Bytes(site.UsableBytes),
            LiveBytes = Bytes(site.LiveBytes),
            LiveBytesError = Error(site.LiveBytesVariance),
            LiveBlocks = Blocks(site.LiveBlocks),
            LiveUsableBytes = Bytes(site.LiveUsableBytes),
            MaxBytes = Bytes(site.MaxBytes),
            MaxBlocks = Blocks(site.MaxBlocks),
            AtPeakBytes = Bytes(changed ? site.AtPeakBytes : site.LiveBytes),
            AtPeakBlocks = Blocks(changed ? site.AtPeakBlocks : site.LiveBlocks),
            Lifetimes = Time(site.Lifetimes),
            LiveTimes = Time(site.LiveTimes),
            TemporaryBlocks = Blocks(site.TemporaryBlocks),
            Samples = Bytes(site.Samples),
            LiveSamples = Bytes(site.LiveSamples),
            MinSize = Bytes(site.MinSize),
            MaxSize = Bytes(site.MaxSize),
            FirstTime = Time(site.FirstTime),
            LastTime = Time(site.LastTime),
        };
    }

    internal static unsafe RecordedThread Thread(in ProfileThread thread)
    {
        fixed (byte* name = thread.Name)
        {
            ReadOnlySpan<byte> text = new(name, Math.Clamp(thread.NameLength, 0, NameCapacity));
            return new RecordedThread
            {
                ThreadId = thread.ThreadId,
                Name = ProfileStrings.Text(text),
                Bytes = Bytes(thread.Bytes),
                Blocks = Blocks(thread.Blocks),
                FreedBytes = Bytes(thread.FreedBytes),
                FirstTime = Time(thread.FirstTime),
            };
        }
    }

    internal static RecordedPoint Point(in ProfilePoint point) => new()
    {
        Time = Time(point.Time),
        LiveBytes = Bytes(point.LiveBytes),
        Bytes = Bytes(point.Bytes),
        InUseBytes = Bytes(point.InUseBytes),
        CommittedBytes = Bytes(point.CommittedBytes),
        ResidentBytes = Bytes(point.ResidentBytes),
    };

    internal static RecordedSizeClass SizeClass(in ProfileSizeClass sizeClass) => new()
    {
        BlockSize = Bytes(sizeClass.BlockSize),
        InUseBlocks = Bytes(sizeClass.InUseBlocks),
        Allocations = Bytes(sizeClass.Allocations),
        PageBytes = Bytes(sizeClass.PageBytes),
    };

    /// <summary>The standard error; 0 for what is no variance, in a damaged file.</summary>
    private static double Error(double variance) =>
        double.IsFinite(variance) && variance > 0 ? Math.Sqrt(variance) : 0;
}
