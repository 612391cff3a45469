namespace Quarry;

/// <summary>Represents one call of a traced allocator.</summary>
/// <remarks>
/// An event that frees an address is recorded before the call; an event that allocates one, after the call. A
/// table of the blocks in use is therefore consistent if it is updated in the order of the events, regardless
/// of their threads.
/// </remarks>
public readonly partial struct TraceEvent
{
    /// <summary>Gets the kind of the event.</summary>
    public TraceEventKind Kind { get; init; }

    /// <summary>Gets the address of the block.</summary>
    public nuint Address { get; init; }

    /// <summary>Gets the size in the layout, in bytes.</summary>
    public nuint Size { get; init; }

    /// <summary>Gets the alignment in the layout, in bytes; a power of two.</summary>
    public nuint Alignment { get; init; }

    /// <summary>
    /// Gets the address after <see cref="TraceEventKind.Reallocate"/> or <see cref="TraceEventKind.Resize"/>.
    /// </summary>
    public nuint NewAddress { get; init; }

    /// <summary>Gets the requested new size, in bytes.</summary>
    public nuint NewSize { get; init; }

    /// <summary>
    /// Gets an ID that no other live thread has: in .NET, the managed thread ID; in a native image, the
    /// address of the thread control block.
    /// </summary>
    public nuint Thread { get; init; }

    /// <summary>Gets the time of the event on a monotonic clock, in nanoseconds.</summary>
    public ulong Nanoseconds { get; init; }
}
