namespace Quarry;

/// <summary>
/// Where the owner of a page of small blocks keeps it; transitions are in <see cref="PageQueues"/>.
/// </summary>
internal enum PagePlace : byte
{
    /// <summary>In no queue: the page is being moved, or is none.</summary>
    None,

    /// <summary>The page from which the thread's free list of the class is refilled.</summary>
    Current,

    /// <summary>In the list of pages that have free blocks.</summary>
    Available,

    /// <summary>In no list, as all blocks are used; found again when enough of them are freed.</summary>
    Full,
}
