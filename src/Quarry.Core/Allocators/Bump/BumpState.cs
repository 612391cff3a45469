namespace Quarry;

/// <summary>What a <see cref="Bump{TThreads}"/> keeps.</summary>
internal unsafe struct BumpState
{
    /// <summary>What is committed of the reservation. First, where the fast path finds it.</summary>
    public BumpRange Range;

    /// <summary>The first byte of the reservation.</summary>
    public nuint Start;

    /// <summary>The byte behind its last one.</summary>
    public nuint Limit;

    /// <summary>What the end of the range is when the memory is frozen no more; 0 if it is not.</summary>
    public nuint ThawedEnd;

    /// <summary>What the range is committed up to multiples of.</summary>
    public nuint Page;

    /// <summary>Where the pages come from and go back to.</summary>
    public PageSource Pages;
}
