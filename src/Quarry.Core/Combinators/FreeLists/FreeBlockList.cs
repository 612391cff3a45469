namespace Quarry;

/// <summary>A list of free blocks of one size, linked through their first word.</summary>
internal unsafe struct FreeBlockList
{
    /// <summary>
    /// The alignment of every block in a list, in bytes: sufficient for most requests, and for the link.
    /// </summary>
    internal const nuint Alignment = 16;

    private void* _first;

    /// <summary>The number of blocks in the list.</summary>
    public uint Count;

    /// <summary>The maximum number of blocks in the list.</summary>
    public uint Limit;

    /// <summary>Removes a block; returns null if the list is empty.</summary>
    internal void* TryPop()
    {
        void* block = _first;
        if (block != null)
        {
            _first = *(void**)block;
            Count--;
        }

        return block;
    }

    /// <summary>Adds a block, unless the list is full.</summary>
    internal bool TryPush(void* block)
    {
        bool hasRoom = Count < Limit;
        if (hasRoom)
        {
            *(void**)block = _first;
            _first = block;
            Count++;
        }

        return hasRoom;
    }

    /// <summary>Empties the list without freeing the blocks.</summary>
    internal void Clear()
    {
        _first = null;
        Count = 0;
    }
}
