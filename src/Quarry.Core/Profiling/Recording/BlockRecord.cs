namespace Quarry;

/// <summary>What an exact recording knows about one block; 16 bytes.</summary>
internal struct BlockRecord
{
    /// <summary>The <see cref="SiteNumber"/>; 0 if the block is not recorded.</summary>
    public uint Site;

    /// <summary>The usable size minus the requested one, at most <see cref="uint.MaxValue"/>.</summary>
    public uint Slack;

    /// <summary>The time of the allocation.</summary>
    public ulong Time;
}
