namespace Quarry;

/// <summary>One event of an allocator that is traced.</summary>
/// <remarks>
/// An event that frees an address comes before the address is free, and one that takes an address after it
/// was taken. So a table of the blocks in use stays right if it is kept in the order of the events, whatever
/// thread they are of.
/// </remarks>
public readonly partial struct TraceEvent
{
    /// <summary>What happened.</summary>
    public TraceEventKind Kind { get; init; }

    /// <summary>The address of the block.</summary>
    public nuint Address { get; init; }

    /// <summary>The size in bytes that the layout named.</summary>
    public nuint Size { get; init; }

    /// <summary>The alignment in bytes that the layout named, a power of two.</summary>
    public nuint Alignment { get; init; }

    /// <summary>Where the block is now, for <see cref="TraceEventKind.Reallocate"/> and the like.</summary>
    public nuint NewAddress { get; init; }

    /// <summary>Its size now, or the one that was asked for.</summary>
    public nuint NewSize { get; init; }

    /// <summary>
    /// A number that no other living thread has: on .NET that of the managed thread, elsewhere the address of
    /// its control block.
    /// </summary>
    public nuint Thread { get; init; }

    /// <summary>When, in nanoseconds of a clock that never goes backwards.</summary>
    public ulong Ticks { get; init; }
}
