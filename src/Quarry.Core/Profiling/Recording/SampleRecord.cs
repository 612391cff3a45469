namespace Quarry;

/// <summary>What a sampled recording knows about one sampled block.</summary>
internal unsafe struct SampleRecord
{
    /// <summary>The next record in a list of records that are not in use.</summary>
    public SampleRecord* Next;

    /// <summary>The record that was allocated before this one; records are never released.</summary>
    public SampleRecord* Previous;

    /// <summary>The <see cref="SiteNumber"/>.</summary>
    public uint Site;

    /// <summary>
    /// The recording that the block belongs to; others ignore it. 0 if the record is not in use.
    /// </summary>
    public uint Generation;

    /// <summary>The ID of the thread that allocated the block.</summary>
    public uint ThreadId;

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
