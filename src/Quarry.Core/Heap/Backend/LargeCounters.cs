namespace Quarry;

/// <summary>Statistics of large blocks, which are few enough to be counted one by one.</summary>
/// <remarks>
/// Any thread adds, atomically. A reader may see the fields at slightly different moments. A block that is
/// resized to another step counts as freed in the one and as allocated in the other.
///
/// Blocks that threads keep, and allocate again, are counted by <see cref="KeptBlock"/>. Each was allocated
/// before it was kept, and kept before it was allocated again, so what is subtracted is read first.
/// </remarks>
internal unsafe struct LargeCounters
{
    /// <summary>The number of blocks that were resized to another step.</summary>
    public nuint Moves;

    /// <summary>The places for the kept blocks of thread heaps, newest first. None is removed.</summary>
    public KeptBlock* Kept;

    /// <summary>The number of these, and of those that could not be created.</summary>
    public nuint KeptCount;

    /// <summary>Memory for the first of these.</summary>
    public KeptBlock FirstKept;

    private nuint _requested;
    private nuint _released;
    private fixed ulong _allocations[LargeSteps.Count];
    private fixed ulong _frees[LargeSteps.Count];

    /// <summary>Gets the number of bytes in blocks that are in use.</summary>
    internal nuint InUse
    {
        get
        {
            // First: each byte was requested before it was released or kept.
            nuint absent = Atomic.Read(ref _released);
            for (KeptBlock* kept = Kept; kept != null; kept = kept->Next)
            {
                absent += kept->Size;
            }

            return Atomic.Read(ref _requested) - absent;
        }
    }

    /// <summary>Gets the number of bytes ever allocated, including growth by resizing.</summary>
    internal nuint Requested
    {
        get
        {
            nuint requested = Atomic.Read(ref _requested);
            for (KeptBlock* kept = Kept; kept != null; kept = kept->Next)
            {
                requested += kept->ReusedBytes;
            }

            return requested;
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
    internal nuint FreesAt(int step)
    {
        ulong frees = Atomic.Read(ref _frees[step]);
        for (KeptBlock* kept = Kept; kept != null; kept = kept->Next)
        {
            frees += kept->ReusesAt(step);
            frees += kept->IsOf(step) ? 1u : 0;
        }

        return (nuint)frees;
    }

    /// <summary>Returns the number of blocks of a step that were allocated.</summary>
    internal nuint AllocationsAt(int step)
    {
        ulong allocations = Atomic.Read(ref _allocations[step]);
        for (KeptBlock* kept = Kept; kept != null; kept = kept->Next)
        {
            allocations += kept->ReusesAt(step);
        }

        return (nuint)allocations;
    }

    /// <summary>Returns the number of blocks allocated, or resized to another step.</summary>
    internal nuint SumEntered()
    {
        ulong sum = 0;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            sum += AllocationsAt(step);
        }

        return (nuint)sum;
    }

    /// <summary>Returns the number of blocks freed, or resized to another step.</summary>
    internal nuint SumLeft()
    {
        ulong sum = 0;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            sum += FreesAt(step);
        }

        return (nuint)sum;
    }

    internal void Allocated(nuint bytes)
    {
        Increment(ref _allocations[LargeSteps.IndexOf(bytes)]);
        _ = Atomic.Add(ref _requested, bytes);
    }

    internal void Freed(nuint bytes)
    {
        Increment(ref _frees[LargeSteps.IndexOf(bytes)]);
        _ = Atomic.Add(ref _released, bytes);
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

        _ = to > from ? Atomic.Add(ref _requested, to - from) : Atomic.Add(ref _released, from - to);
    }

    private static void Increment(ref ulong counter) => _ = Atomic.Add(ref counter, 1);
}
