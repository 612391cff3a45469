namespace Quarry;

/// <summary>What the records of an <see cref="IsolatedHeap"/> hold about a block.</summary>
internal unsafe struct IsolatedBlock
{
    /// <summary>The first byte; null if there is no block.</summary>
    public void* Address;

    /// <summary>The number of bytes requested.</summary>
    public nuint Size;

    /// <summary>A <see cref="SlotState"/>.</summary>
    public uint State;

    /// <summary>Who allocated and freed it; all zero if that is not recorded.</summary>
    public BlockHistory History;
}
