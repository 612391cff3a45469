namespace Quarry;

/// <summary>Statistics of large blocks, which are few enough to be counted one by one.</summary>
/// <remarks>
/// Any thread adds, atomically. A reader may see the fields at slightly different moments.
/// </remarks>
internal struct LargeCounters
{
    /// <summary>The number of blocks allocated.</summary>
    public nuint Allocations;

    /// <summary>The number of blocks freed.</summary>
    public nuint Frees;

    /// <summary>The number of bytes ever allocated, including growth by resizing.</summary>
    public nuint Requested;

    /// <summary>The number of bytes in blocks that are in use.</summary>
    public nuint InUse;

    internal void Allocated(nuint bytes)
    {
        _ = Atomic.Add(ref Allocations, 1);
        Resized(0, bytes);
    }

    internal void Freed(nuint bytes)
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
