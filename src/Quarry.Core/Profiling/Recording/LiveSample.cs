namespace Quarry;

/// <summary>A copy of a sample that is in use.</summary>
internal unsafe struct LiveSample : IOrdered<LiveSample>
{
    /// <summary>The ID of the thread that allocated the block.</summary>
    public uint ThreadId;

    /// <summary>The <see cref="SiteNumber"/>.</summary>
    public uint Site;

    /// <summary>The usable size of the block, in bytes.</summary>
    public nuint Usable;

    /// <summary>The size requested for the block, in bytes.</summary>
    public nuint Size;

    /// <summary>The number of blocks that the sample stands for, in fixed point.</summary>
    public ulong Blocks;

    /// <summary>Returns the size of the mapping for a number of samples, in bytes.</summary>
    internal static nuint MappedBytes(nuint count) =>
        Layout.AlignUp((count + 1) * (nuint)sizeof(LiveSample), Os.PageSize);

    /// <summary>Determines whether two samples have the same thread, site and size.</summary>
    internal readonly bool IsLike(in LiveSample other) =>
        ThreadId == other.ThreadId && Site == other.Site && Usable == other.Usable;

    /// <inheritdoc/>
    /// <remarks>By thread, site and size.</remarks>
    public readonly bool IsBefore(in LiveSample other) =>
        ThreadId != other.ThreadId ? ThreadId < other.ThreadId
        : Site != other.Site ? Site < other.Site
        : Usable < other.Usable;
}
