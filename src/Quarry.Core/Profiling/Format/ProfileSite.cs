using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The figures of one site: a call stack that has allocated.</summary>
/// <remarks>
/// Sizes are those that the program requested, in bytes, unless a field states otherwise. In a sampled
/// profile each figure is an estimate: a sample counts for the expected number of blocks that it stands for.
/// Live figures are the difference of the totals and of what was freed. All follow DHAT's rules: a
/// reallocated block keeps its site, and counts as one more block; a request for 0 bytes counts as one for
/// 1 byte.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = EntryBytes)]
internal struct ProfileSite
{
    /// <summary>The size of an entry.</summary>
    internal const int EntryBytes = 256;

    /// <summary>
    /// The offset in the file of the stack's record. Written last: 0 until the other fields are valid.
    /// </summary>
    public ulong StackOffset;

    /// <summary>The hash of the stack, by which the process finds the entry.</summary>
    public ulong Hash;

    /// <summary>The bytes of all blocks.</summary>
    public ulong Bytes;

    /// <summary>The number of all blocks, in fixed point.</summary>
    public ulong Blocks;

    /// <summary>The usable bytes of all blocks, to which the requested sizes were rounded up.</summary>
    public ulong UsableBytes;

    /// <summary>The bytes of the blocks in use.</summary>
    public ulong LiveBytes;

    /// <summary>The number of the blocks in use, in fixed point.</summary>
    public ulong LiveBlocks;

    /// <summary>The usable bytes of the blocks in use.</summary>
    public ulong LiveUsableBytes;

    /// <summary>The highest value of <see cref="LiveBytes"/>.</summary>
    public ulong MaxBytes;

    /// <summary>The value of <see cref="LiveBlocks"/> at that moment.</summary>
    public ulong MaxBlocks;

    /// <summary>
    /// The value of <see cref="LiveBytes"/> at the last peak of the process, if <see cref="PeakEpoch"/> is
    /// that of the header. Otherwise the site has not changed since the peak, and the live figures hold.
    /// </summary>
    public ulong AtPeakBytes;

    /// <summary>Like <see cref="AtPeakBytes"/>, for <see cref="LiveBlocks"/>.</summary>
    public ulong AtPeakBlocks;

    /// <summary>The <see cref="ProfileHeader.PeakEpoch"/> at which the site last changed.</summary>
    public ulong PeakEpoch;

    /// <summary>The sum of the lifetimes of the blocks that were freed, in nanoseconds per block.</summary>
    public ulong Lifetimes;

    /// <summary>
    /// The sum of the times at which the blocks in use were allocated, in nanoseconds per block.
    /// </summary>
    public ulong LiveTimes;

    /// <summary>
    /// The number of blocks that were freed before their thread allocated another one, in fixed point;
    /// recorded in exact mode only.
    /// </summary>
    public ulong TemporaryBlocks;

    /// <summary>The number of samples (an integer).</summary>
    public ulong Samples;

    /// <summary>The number of samples that are in use (an integer).</summary>
    public ulong LiveSamples;

    /// <summary>The estimated variance of <see cref="Bytes"/>; 0 in exact mode.</summary>
    public double BytesVariance;

    /// <summary>The estimated variance of <see cref="LiveBytes"/>; 0 in exact mode.</summary>
    public double LiveBytesVariance;

    /// <summary>The sizes of the smallest and of the largest block.</summary>
    public ulong MinSize, MaxSize;

    /// <summary>The times of the first and of the last allocation.</summary>
    public ulong FirstTime, LastTime;
}
