namespace Quarry;

/// <summary>The contents of a free block: its links in lists of free blocks.</summary>
internal unsafe struct Block
{
    /// <summary>The next free block of the same list.</summary>
    public Block* Next;

    /// <summary>
    /// The second word of a block in a chain of remote frees, see <see cref="RemoteChain"/>.
    /// </summary>
    public nuint Link;

    /// <summary>
    /// The size of the smallest block, in bytes: both words fit into it, so that chains of freed blocks need
    /// no memory of their own. Also the alignment of every block, unless the geometry has a quantum of 8.
    /// </summary>
    internal const nuint MinSize = 16;

    /// <summary>The alignment of every block of every geometry, in bytes.</summary>
    internal const nuint MinAlignment = 8;
}
