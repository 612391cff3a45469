namespace Quarry;

/// <summary>Consecutive slices of a region.</summary>
internal struct SliceRun
{
    /// <summary>The first slice.</summary>
    public nuint First;

    /// <summary>The number of slices.</summary>
    public nuint Count;

    /// <summary>Represents no run, of slices that <see cref="KeptRuns"/> held.</summary>
    internal static SliceRun Kept => new() { First = Region.None };

    /// <summary>Gets a value that indicates whether this is <see cref="Kept"/>.</summary>
    internal readonly bool IsKept => First == Region.None;

    /// <summary>Returns this run, or the one between two slices if that is longer.</summary>
    internal readonly SliceRun OrLonger(nuint begin, nuint end) =>
        end - begin > Count ? new SliceRun { First = begin, Count = end - begin } : this;
}
