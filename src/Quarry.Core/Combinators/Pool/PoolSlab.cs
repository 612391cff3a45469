namespace Quarry;

/// <summary>
/// The trailer of a slab. It is behind the blocks, so that they begin at the alignment of the slab.
/// </summary>
internal unsafe struct PoolSlab
{
    /// <summary>The slab that was allocated before this one.</summary>
    public PoolSlab* Next;

    /// <summary>The size of the blocks in front of the trailer, in bytes.</summary>
    public nuint Size;

    internal static byte* StartOf(PoolSlab* slab) => (byte*)slab - slab->Size;
}
