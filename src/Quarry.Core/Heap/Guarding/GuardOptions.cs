namespace Quarry;

/// <summary>What <see cref="GuardedBlocks"/> receives from its host.</summary>
internal unsafe struct GuardOptions
{
    /// <summary>The mean number of allocations between two guarded ones; at least 1.</summary>
    public nuint Interval { get; init; }

    /// <summary>The least number of milliseconds between two guarded blocks; 0 for any number.</summary>
    public nuint LeastMilliseconds { get; init; }

    /// <summary>The most guarded blocks in use at once.</summary>
    public nuint MaxBlocks { get; init; }

    /// <summary>
    /// Stores the return addresses of the caller's stack in the given memory, and returns their number; must
    /// not use the heap. May be null.
    /// </summary>
    public delegate*<ulong*, int, int> Walk { get; init; }

    /// <summary>
    /// Called when a block is freed wrongly, or was found overrun when it was freed, with the address that
    /// the program passed; inside a slow path, so it must not use the heap.
    /// </summary>
    public delegate*<GuardedBlocks*, GuardError, void*, void> OnError { get; init; }
}
