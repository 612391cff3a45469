using System;

namespace Quarry;

/// <summary>What a heap writes into blocks, to reveal reads of memory that has no defined contents.</summary>
[Flags]
internal enum HeapFill
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>0xa5 into blocks that are allocated.</summary>
    JunkAllocated = 1,

    /// <summary>0x5a into blocks that are freed.</summary>
    JunkFreed = 2,

    /// <summary>Zeros into blocks that are allocated.</summary>
    Zero = 4,
}
