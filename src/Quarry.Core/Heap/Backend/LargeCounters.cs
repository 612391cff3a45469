namespace Quarry;

/// <summary>
/// What was taken and given back in large blocks, which are few enough to be counted one by one.
/// </summary>
internal struct LargeCounters
{
    /// <summary>Blocks taken.</summary>
    public nuint Allocations;

    /// <summary>Blocks given back.</summary>
    public nuint Frees;

    /// <summary>Bytes taken over time, growth in place included.</summary>
    public nuint Requested;

    /// <summary>Bytes in blocks that are in use.</summary>
    public nuint InUse;

    internal void Took(nuint bytes)
    {
        _ = Atomic.Add(ref Allocations, 1);
        Resized(0, bytes);
    }

    internal void Gave(nuint bytes)
    {
        _ = Atomic.Add(ref Frees, 1);
        _ = Atomic.Subtract(ref InUse, bytes);
    }

    internal void Resized(nuint from, nuint to)
    {
        _ = Atomic.Add(ref InUse, to - from);
        if (to > from)
        {
            _ = Atomic.Add(ref Requested, to - from);
        }
    }
}
