namespace Quarry;

/// <summary>What a sampled recording knows about one sampled block.</summary>
internal unsafe struct SampleRecord
{
    /// <summary>The next record in a list of records that are not in use.</summary>
    public SampleRecord* Next;

    /// <summary>The <see cref="SiteNumber"/>.</summary>
    public uint Site;

    /// <summary>The recording that the block belongs to; others ignore it.</summary>
    public uint Generation;

    /// <summary>The time of the allocation.</summary>
    public ulong Time;

    /// <summary>The usable size of the block.</summary>
    public nuint Usable;

    /// <summary>The number of bytes of which one was chosen: all that the block ever had.</summary>
    public nuint Drawn;

    /// <summary>The interval with which it was chosen.</summary>
    public nuint Interval;

    /// <summary>What the site counts for the block.</summary>
    public SiteAmount Amount;
}
