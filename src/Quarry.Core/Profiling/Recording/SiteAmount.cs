using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>What one event adds to a site: a block, or the blocks that a sampled one stands for.</summary>
internal struct SiteAmount
{
    /// <summary>One block in fixed point.</summary>
    internal const ulong OneBlock = 1 << ProfileHeader.BlockBits;

    /// <summary>The requested bytes; a request for 0 bytes counts as one for 1 byte, as in DHAT.</summary>
    internal ulong Bytes;

    /// <summary>The number of blocks, in fixed point.</summary>
    internal ulong Blocks;

    /// <summary>The usable bytes.</summary>
    internal ulong UsableBytes;

    /// <summary>
    /// The estimated variance of <see cref="Bytes"/>; 0 for a block that is recorded for itself.
    /// </summary>
    internal double Variance;

    /// <summary>The size requested for the block itself.</summary>
    internal ulong Size;

    /// <summary>Returns the amount of one block that is recorded for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static SiteAmount OfBlock(nuint size, nuint usable) => new()
    {
        Bytes = size,
        Blocks = OneBlock,
        UsableBytes = usable,
        Size = size,
    };

    /// <summary>
    /// Returns the amount that a sampled block stands for: its size divided by the probability with which a
    /// block of its size is sampled.
    /// </summary>
    /// <param name="size">The size requested.</param>
    /// <param name="usable">The usable size.</param>
    /// <param name="drawn">The usable size for which the sample was drawn.</param>
    /// <param name="interval">The mean number of bytes between two samples.</param>
    internal static SiteAmount OfSample(nuint size, nuint usable, nuint drawn, nuint interval)
    {
        double p = interval <= 1 ? 1 : SampleProbability.Of((double)(long)drawn / (double)(long)interval);
        size += size == 0 ? 1u : 0;
        double bytes = (double)(long)size / p;
        return new SiteAmount
        {
            Bytes = Round(bytes),
            Blocks = Round(OneBlock / p),
            UsableBytes = Round((double)(long)usable / p),

            // The estimator is bytes with the probability p and 0 otherwise, so its variance, estimated from
            // the samples alone, is bytes^2 (1 - p).
            Variance = bytes * bytes * (1 - p),
            Size = size,
        };
    }

    /// <summary>Returns a time multiplied by the number of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly ulong Times(ulong time) => Blocks == OneBlock ? time : TimesEstimate(time);

    private readonly ulong TimesEstimate(ulong time) =>
        (ulong)((double)(long)time * (double)(long)Blocks / OneBlock);

    private static ulong Round(double value) => (ulong)(long)(value + 0.5);
}
