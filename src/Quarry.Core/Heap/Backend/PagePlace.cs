namespace Quarry;

/// <summary>
/// Specifies the state of a page of small blocks; <see cref="PageQueues"/> has the transitions.
/// </summary>
internal enum PagePlace : byte
{
    /// <summary>In no list: the page is in transition, or is no page of small blocks.</summary>
    None,

    /// <summary>The page from which the thread's free list of the class is refilled.</summary>
    Current,

    /// <summary>In the list of pages that have free blocks.</summary>
    Available,

    /// <summary>
    /// In no list, because all blocks were used; becomes available when enough of them have been freed.
    /// </summary>
    Full,
}
