namespace Quarry;

/// <summary>The policy of an <see cref="IsolatedHeap"/>, and what it receives from its host.</summary>
internal unsafe struct IsolationOptions
{
    /// <summary>
    /// Whether slots and slabs are chosen at random, and blocks leave the quarantine in random order.
    /// Otherwise the block that was freed first leaves it first.
    /// </summary>
    public bool Randomizes { get; init; }

    /// <summary>
    /// Whether records hold the stacks and threads that allocated and freed a block, and every resized block
    /// is moved, so that stale pointers show.
    /// </summary>
    public bool Explains { get; init; }

    /// <summary>Whether allocated blocks are filled with <see cref="IsolatedHeap.Junk"/>.</summary>
    public bool FillsAllocated { get; init; }

    /// <summary>The value of the bytes of freed blocks; 0 makes each allocated block read as zeros.</summary>
    public byte FreedByte { get; init; }

    /// <summary>The number of bytes of address space to reserve for slabs.</summary>
    public nuint ReserveBytes { get; init; }

    /// <summary>The number of bytes in the quarantine of each class of each shard.</summary>
    public nuint QuarantineBytes { get; init; }

    /// <summary>The most blocks in the quarantine of each class of each shard, and of large blocks.</summary>
    public nuint QuarantineBlocks { get; init; }

    /// <summary>The number of parts with classes of their own, among which threads are divided.</summary>
    public int Shards { get; init; }

    /// <summary>A number that the program cannot guess, from which canaries and orders are derived.</summary>
    public ulong Secret { get; init; }

    /// <summary>
    /// Captures the stack of the caller and returns its number; must not use the heap. Only called if <see
    /// cref="Explains"/> is set.
    /// </summary>
    public delegate*<IsolatedThread*, uint> Capture { get; init; }

    /// <summary>
    /// Called when an error is found, with the address that the program passed or the block that was damaged.
    /// Must not use the heap.
    /// </summary>
    public delegate*<IsolatedHeap*, IsolatedError*, void> OnError { get; init; }
}
