namespace Quarry;

/// <summary>What a free block of memory holds: its place in a list of free blocks.</summary>
internal unsafe struct Block
{
    /// <summary>The next free block of the same list.</summary>
    public Block* Next;

    /// <summary>
    /// The second word of a block that is on its way to another thread, see <see cref="RemoteBatch"/>.
    /// </summary>
    public nuint Link;

    /// <summary>
    /// The smallest block: it holds both words, so that chains of freed blocks need no memory of their own.
    /// </summary>
    internal const nuint MinSize = 16;
}
