namespace Quarry;

/// <summary>What stands behind the blocks of a chunk, so that they begin at its alignment.</summary>
internal unsafe struct PoolSlab
{
    /// <summary>The chunk taken before.</summary>
    public PoolSlab* Next;

    /// <summary>The bytes of the blocks in front of this.</summary>
    public nuint Size;

    internal static byte* StartOf(PoolSlab* chunk) => (byte*)chunk - chunk->Size;
}
