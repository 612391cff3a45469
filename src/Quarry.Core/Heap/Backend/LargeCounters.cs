namespace Quarry;

/// <summary>Statistics of large blocks, which are few enough to be counted one by one.</summary>
/// <remarks>
/// Any thread adds, atomically. A reader may see the fields at slightly different moments. A block that is
/// resized to another step counts as freed in the one and as allocated in the other.
/// </remarks>
internal unsafe struct LargeCounters
{
    /// <summary>The number of bytes ever allocated, including growth by resizing.</summary>
    public nuint Requested;

    /// <summary>The number of bytes ever freed, including shrinking by resizing.</summary>
    public nuint Released;

    /// <summary>The number of blocks that were resized to another step.</summary>
    public nuint Moves;

    private fixed ulong _allocations[LargeSteps.Count];
    private fixed ulong _frees[LargeSteps.Count];

    /// <summary>Gets the number of bytes in blocks that are in use.</summary>
    internal nuint InUse
    {
        get
        {
            // First: each byte was requested before it was released.
            nuint released = Atomic.Read(ref Released);
            return Atomic.Read(ref Requested) - released;
        }
    }

    /// <summary>Gets the number of blocks allocated, by adding up the steps.</summary>
    internal nuint Allocations
    {
        get
        {
            // First: each move was an entry before.
            nuint moves = Atomic.Read(ref Moves);
            return SumEntered() - moves;
        }
    }

    /// <summary>Returns the number of blocks of a step that were freed.</summary>
    internal nuint FreesAt(int step) => (nuint)Atomic.Read(ref _frees[step]);

    /// <summary>Returns the number of blocks of a step that were allocated.</summary>
    internal nuint AllocationsAt(int step) => (nuint)Atomic.Read(ref _allocations[step]);

    /// <summary>Returns the number of blocks allocated, or resized to another step.</summary>
    internal nuint SumEntered()
    {
        ulong sum = 0;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            sum += Atomic.Read(ref _allocations[step]);
        }

        return (nuint)sum;
    }

    /// <summary>Returns the number of blocks freed, or resized to another step.</summary>
    internal nuint SumLeft()
    {
        ulong sum = 0;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            sum += Atomic.Read(ref _frees[step]);
        }

        return (nuint)sum;
    }

    internal void Allocated(nuint bytes)
    {
        Increment(ref _allocations[LargeSteps.IndexOf(bytes)]);
        _ = Atomic.Add(ref Requested, bytes);
    }

    internal void Freed(nuint bytes)
    {
        Increment(ref _frees[LargeSteps.IndexOf(bytes)]);
        _ = Atomic.Add(ref Released, bytes);
    }

    internal void Resized(nuint from, nuint to)
    {
        int left = LargeSteps.IndexOf(from), entered = LargeSteps.IndexOf(to);
        if (left != entered)
        {
            // In this order, so that a reader that reads in the opposite order sees no number that is larger
            // than one it is subtracted from.
            Increment(ref _allocations[entered]);
            Increment(ref _frees[left]);
            _ = Atomic.Add(ref Moves, 1);
        }

        _ = to > from ? Atomic.Add(ref Requested, to - from) : Atomic.Add(ref Released, from - to);
    }

    private static void Increment(ref ulong counter) => _ = Atomic.Add(ref counter, 1);
}
