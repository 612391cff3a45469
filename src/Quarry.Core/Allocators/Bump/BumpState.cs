namespace Quarry;

/// <summary>The state of a <see cref="Bump{TThreading}"/>.</summary>
internal unsafe struct BumpState
{
    /// <summary>
    /// The committed part of the reservation. The first field, as the fast path accesses it.
    /// </summary>
    public BumpRange Range;

    /// <summary>The start of the reservation.</summary>
    public nuint Start;

    /// <summary>The end of the reservation.</summary>
    public nuint Limit;

    /// <summary>While the memory is frozen, the end of the committed part; otherwise 0.</summary>
    public nuint ThawedEnd;

    /// <summary>The unit of commits, in bytes.</summary>
    public nuint PageSize;

    /// <summary>The page source of the reservation.</summary>
    public PageSource PageSource;
}
