namespace Quarry;

/// <summary>A chain of blocks of one page that were freed by a thread that does not own it.</summary>
/// <remarks>
/// Blocks that were allocated together tend to be freed together, so most chains are long, and the atomic
/// operation that posts a chain is shared by all its blocks. A posted chain describes itself: the <see
/// cref="Block.Link"/> of the first block leads to the next chain, and that of the second block, if there is
/// one, holds the address of the last block and the count.
/// </remarks>
internal unsafe struct RemoteChain
{
    /// <summary>
    /// A chain is posted at this length, or above an eighth of the page, to bound the memory in the cache.
    /// </summary>
    internal const int MaxCount = 64;

    /// <summary>The page of the blocks; null if the slot is free.</summary>
    public Page* Page;

    /// <summary>The first block, which was freed last.</summary>
    public Block* Head;

    /// <summary>The last block, which was freed first.</summary>
    public Block* Tail;

    /// <summary>The number of blocks.</summary>
    public int Count;

    // An address has at most 48 bits, and a page has at most 4096 blocks.
    private const int CountShift = 48;

    /// <summary>Writes the description into the chain and returns the first block.</summary>
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
    /// A program that writes to a freed block can overwrite the description. The chain is broken if its last
    /// block lies outside the page, or if its count exceeds the capacity of the page.
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

    /// <summary>Adds the blocks of a chain to another one of the same page.</summary>
    /// <returns>False, with both as they were, if the page does not have that many blocks.</returns>
    internal static bool TryJoin(Block* head, Block* chain, Page* page, byte* start)
    {
        int count = Unseal(head, page, start, out Block* tail) + Unseal(chain, page, start, out Block* last);
        if (count > page->Capacity)
        {
            return false;
        }

        // Behind the first block, whose link leads to the next chain.
        last->Next = head->Next;
        head->Next = chain;
        tail = tail == head ? last : tail;
        chain->Link = (nuint)tail | ((nuint)count << CountShift);
        return true;
    }

    /// <summary>Determines whether a pointer can be a block of a page.</summary>
    internal static bool IsInside(Block* block, byte* start, nuint bytes) =>
        (nuint)((byte*)block - start) < bytes && (nuint)block % Block.MinAlignment == 0;
}
