namespace Quarry;

/// <summary>Free blocks of one size, kept for the next request; linked through their first word.</summary>
internal unsafe struct FreeBlockList
{
    /// <summary>
    /// What every kept block is aligned to: what most requests ask for at most, and enough for a link.
    /// </summary>
    internal const nuint Alignment = 16;

    private void* _first;

    /// <summary>What each block was taken with.</summary>
    public Layout Block;

    /// <summary>The number of blocks kept now.</summary>
    public uint Count;

    /// <summary>The most that are kept.</summary>
    public uint Limit;

    internal void* TryTake()
    {
        void* block = _first;
        if (block != null)
        {
            _first = *(void**)block;
            Count--;
        }

        return block;
    }

    /// <summary>Keeps a block; false if there are enough.</summary>
    internal bool TryKeep(void* block)
    {
        bool keeps = Count < Limit;
        if (keeps)
        {
            *(void**)block = _first;
            _first = block;
            Count++;
        }

        return keeps;
    }

    /// <summary>Forgets the blocks, as they are gone.</summary>
    internal void Clear()
    {
        _first = null;
        Count = 0;
    }
}
