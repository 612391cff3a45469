namespace Quarry;

/// <summary>
/// Counts blocks outside of the regions, of one of the steps of <see cref="EightPerDoubling"/>.
/// </summary>
internal struct BlockCounts
{
    private const ulong Largest = 1ul << 47;

    /// <summary>The number of blocks ever allocated.</summary>
    public nuint Allocated;

    /// <summary>The number of bytes ever requested.</summary>
    public nuint AllocatedBytes;

    /// <summary>The number of blocks freed.</summary>
    public nuint Freed;

    /// <summary>The number of bytes of these.</summary>
    public nuint FreedBytes;

    /// <summary>Gets the number of steps, up to the address space of a process.</summary>
    internal static int Steps => (int)EightPerDoubling.IndexOf(unchecked((nuint)Largest)) + 1;

    /// <summary>Counts a block that is allocated. Any thread may call it.</summary>
    /// <param name="steps">The counts of all steps.</param>
    /// <param name="size">The size of the block, in bytes.</param>
    internal static unsafe void Add(BlockCounts* steps, nuint size)
    {
        BlockCounts* counts = steps + EightPerDoubling.IndexOf(size);
        _ = Atomic.Add(ref counts->AllocatedBytes, size);
        _ = Atomic.Add(ref counts->Allocated, 1);
    }

    /// <summary>Counts a block that is freed. Any thread may call it.</summary>
    internal static unsafe void Remove(BlockCounts* steps, nuint size)
    {
        BlockCounts* counts = steps + EightPerDoubling.IndexOf(size);
        _ = Atomic.Add(ref counts->FreedBytes, size);
        _ = Atomic.Add(ref counts->Freed, 1);
    }

    /// <summary>Returns a copy in which no block was freed that is not counted as allocated.</summary>
    internal static unsafe BlockCounts Read(BlockCounts* counts)
    {
        // The frees first: each was an allocation before.
        BlockCounts result = default;
        result.Freed = Atomic.Read(ref counts->Freed);
        result.FreedBytes = Atomic.Read(ref counts->FreedBytes);
        result.Allocated = Atomic.Read(ref counts->Allocated);
        result.AllocatedBytes = Atomic.Read(ref counts->AllocatedBytes);
        return result;
    }
}
