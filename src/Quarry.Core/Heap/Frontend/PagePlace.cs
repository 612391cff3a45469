namespace Quarry;

/// <summary>Where the owner of a page keeps it.</summary>
internal enum PagePlace : byte
{
    /// <summary>The page from which the thread's free list of the class is filled.</summary>
    Current,

    /// <summary>In the list of pages that have free blocks.</summary>
    Available,

    /// <summary>Nowhere: all blocks are out. It is found again when enough of them come back.</summary>
    Full,
}
