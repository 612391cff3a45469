namespace Quarry;

/// <summary>The ranges of unused memory of one of the <see cref="ExtentSteps"/>.</summary>
internal struct ExtentStatistics
{
    /// <summary>The number of ranges that are backed by memory.</summary>
    public nuint Dirty;

    /// <summary>The number of their bytes.</summary>
    public nuint DirtyBytes;

    /// <summary>The number of ranges whose memory was returned.</summary>
    public nuint Retained;

    /// <summary>The number of their bytes.</summary>
    public nuint RetainedBytes;

    internal void Add(in ExtentStatistics other)
    {
        Dirty += other.Dirty;
        DirtyBytes += other.DirtyBytes;
        Retained += other.Retained;
        RetainedBytes += other.RetainedBytes;
    }
}
