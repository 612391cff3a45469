namespace Quarry;

/// <summary>The state of a <see cref="Pool{TInner}"/>.</summary>
internal unsafe struct PoolState
{
    /// <summary>The freed blocks, linked through their first word.</summary>
    public void* Free;

    /// <summary>The first block in the newest slab that was never allocated.</summary>
    public byte* Fresh;

    /// <summary>The end of the blocks of the newest slab.</summary>
    public byte* End;

    /// <summary>The size and alignment of every block.</summary>
    public Layout Block;

    /// <summary>The newest slab. Each slab links to the one allocated before it.</summary>
    public PoolSlab* Slabs;

    /// <summary>The number of blocks in the next slab.</summary>
    public nuint NextCount;

    /// <summary>The total size of the slabs, in bytes.</summary>
    public nuint Reserved;

    /// <summary>The maximum total size of the slabs, in bytes.</summary>
    public nuint Limit;
}
