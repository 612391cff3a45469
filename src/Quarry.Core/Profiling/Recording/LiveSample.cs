namespace Quarry;

/// <summary>A copy of a sample that is in use.</summary>
internal unsafe struct LiveSample
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

    /// <summary>Sorts samples by thread, site and size.</summary>
    /// <remarks>A heap sort: it needs no memory, and no more time in its worst case.</remarks>
    internal static void Sort(LiveSample* samples, nuint count)
    {
        for (nuint root = count / 2; root-- > 0;)
        {
            Sift(samples, root, count);
        }

        for (nuint end = count; end > 1;)
        {
            end--;
            (samples[0], samples[end]) = (samples[end], samples[0]);
            Sift(samples, 0, end);
        }
    }

    /// <summary>Determines whether two samples have the same thread, site and size.</summary>
    internal readonly bool IsLike(in LiveSample other) =>
        ThreadId == other.ThreadId && Site == other.Site && Usable == other.Usable;

    private readonly bool IsBefore(in LiveSample other) =>
        ThreadId != other.ThreadId ? ThreadId < other.ThreadId
        : Site != other.Site ? Site < other.Site
        : Usable < other.Usable;

    private static void Sift(LiveSample* samples, nuint root, nuint count)
    {
        LiveSample moved = samples[root];
        nuint child;
        while ((child = (2 * root) + 1) < count)
        {
            child += child + 1 < count && samples[child].IsBefore(samples[child + 1]) ? 1u : 0;
            if (!moved.IsBefore(samples[child]))
            {
                break;
            }

            samples[root] = samples[child];
            root = child;
        }

        samples[root] = moved;
    }
}
