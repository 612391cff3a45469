namespace Quarry;

/// <summary>Blocks of one page, freed by a thread that does not own it, on their way to the owner.</summary>
/// <remarks>
/// Blocks that were allocated together tend to be freed together, so most chains are long, and the atomic
/// operation that posts a chain is shared by all its blocks. In the owner's queue the chain carries its own
/// description: the first block links to the next chain, and the second block, if there is one, holds the
/// last block and the count.
/// </remarks>
internal unsafe struct RemoteChain
{
    /// <summary>
    /// A chain is posted at this length, or at an eighth of the page, to bound the memory that is on its way.
    /// </summary>
    internal const int MaxCount = 64;

    /// <summary>The page of all the blocks; null if the slot is free.</summary>
    public Page* Page;

    /// <summary>The blocks, last freed first.</summary>
    public Block* Head;

    /// <summary>The block freed first.</summary>
    public Block* Tail;

    /// <summary>The number of blocks.</summary>
    public int Count;

    // Addresses have at most 48 bits, and a page at most 4096 blocks.
    private const int CountShift = 48;

    /// <summary>Writes the description into the blocks and returns the first one.</summary>
    internal readonly Block* Seal()
    {
        Block* second = Head->Next;
        if (second != null)
        {
            second->Link = (nuint)Tail | ((nuint)Count << CountShift);
        }

        return Head;
    }

    /// <summary>Reads the description of a chain.</summary>
    /// <remarks>
    /// The program can have overwritten it, by writing to a block that it had freed: a last block outside of
    /// the page, or more blocks than the page has, is a broken chain.
    /// </remarks>
    /// <param name="head">The first block.</param>
    /// <param name="page">The page of the blocks.</param>
    /// <param name="start">The address of the page.</param>
    /// <param name="tail">The last block.</param>
    /// <returns>The number of blocks; 0 if the chain is broken.</returns>
    internal static int Unseal(Block* head, Page* page, byte* start, out Block* tail)
    {
        tail = head;
        Block* second = head->Next;
        if (second == null)
        {
            return 1;
        }

        nuint bytes = (nuint)page->Slices << Region.Log2Slice;
        if (!IsInside(second, start, bytes))
        {
            return 0;
        }

        tail = (Block*)(second->Link & (((nuint)1 << CountShift) - 1));
        int count = (int)(second->Link >> CountShift);
        return count > 1 && count <= page->Capacity && IsInside(tail, start, bytes) ? count : 0;
    }

    private static bool IsInside(Block* block, byte* start, nuint bytes) =>
        (nuint)((byte*)block - start) < bytes && (nuint)block % Block.MinSize == 0;
}
