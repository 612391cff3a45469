namespace Quarry;

/// <summary>
/// Blocks of one page, freed by a thread that does not own it, before they travel to the owner together.
/// </summary>
/// <remarks>
/// Blocks that were allocated together tend to be freed together, so most chains are long, and the atomic
/// operation that hands a chain over is shared by all its blocks. On the way the chain carries its own
/// description: the first block links to the next chain in the inbox, and the second block, if there is
/// one, holds the last block and the count.
/// </remarks>
internal unsafe struct RemoteBatch
{
    /// <summary>
    /// A chain is sent off at this length, or at an eighth of the page, to bound what is under way.
    /// </summary>
    internal const int MaxCount = 64;

    /// <summary>The page of all the blocks; null if the slot is free.</summary>
    public Page* Page;

    /// <summary>The chain, last freed first.</summary>
    public Block* Head;

    /// <summary>The first freed.</summary>
    public Block* Tail;

    /// <summary>How many blocks the chain has.</summary>
    public int Count;

    // User addresses have 47 bits, a count of blocks in a page 16 at most.
    private const int CountShift = 48;

    /// <summary>Writes the description into the chain and returns its first block.</summary>
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
    internal static int Unseal(Block* head, out Block* tail)
    {
        Block* second = head->Next;
        tail = second == null ? head : (Block*)(second->Link & (((nuint)1 << CountShift) - 1));
        return second == null ? 1 : (int)(second->Link >> CountShift);
    }
}
