namespace Quarry;

/// <summary>
/// The records of the blocks of one page, or of one large block; they follow the structure.
/// </summary>
internal unsafe struct BlockRecordArray
{
    /// <summary>The usable size of each block.</summary>
    public nuint BlockSize;

    /// <summary>The number of records that fit.</summary>
    public uint Capacity;

    /// <summary>The binary logarithm of the size of the array with this structure.</summary>
    public int Log2Bytes;

    internal static BlockRecord* Records(BlockRecordArray* array) => (BlockRecord*)(array + 1);
}
