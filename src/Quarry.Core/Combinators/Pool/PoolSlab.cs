namespace Quarry;

/// <summary>
/// The trailer of a slab. It follows the blocks, so that the first block has the alignment of the slab.
/// </summary>
internal unsafe struct PoolSlab
{
    /// <summary>The slab that was allocated before this one.</summary>
    public PoolSlab* Next;

    /// <summary>The total size of the blocks before the trailer, in bytes.</summary>
    public nuint Size;

    internal static byte* StartOf(PoolSlab* slab) => (byte*)slab - slab->Size;
}
