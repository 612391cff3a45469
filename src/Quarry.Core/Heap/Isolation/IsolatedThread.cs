namespace Quarry;

/// <summary>What an <see cref="IsolatedHeap"/> keeps for a thread; zero is valid for every field.</summary>
internal unsafe struct IsolatedThread
{
    /// <summary>The ID of the thread; 0 if unknown.</summary>
    public int Id;

    /// <summary>The number of the shard, plus one; 0 before the first allocation.</summary>
    public uint ShardPlusOne;

    /// <summary>The number of allocations of the thread; it may overflow.</summary>
    public uint Allocations;

    /// <summary>Of the host: the last stack of the thread, from which the next walk begins.</summary>
    public LastStack* Stack;
}
