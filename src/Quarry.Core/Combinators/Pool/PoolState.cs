namespace Quarry;

/// <summary>What a <see cref="Pool{TInner}"/> keeps.</summary>
internal unsafe struct PoolState
{
    /// <summary>The blocks given back, linked through their first word.</summary>
    public void* Free;

    /// <summary>Where the newest chunk has blocks that were never taken.</summary>
    public byte* Fresh;

    /// <summary>Where these end.</summary>
    public byte* End;

    /// <summary>The size and alignment of every block.</summary>
    public Layout Block;

    /// <summary>The newest chunk; each is linked to the one before.</summary>
    public PoolSlab* Chunks;

    /// <summary>The blocks that the next chunk shall have.</summary>
    public nuint NextCount;

    /// <summary>The bytes of all chunks.</summary>
    public nuint Reserved;

    /// <summary>The most bytes the chunks may have.</summary>
    public nuint Limit;
}
