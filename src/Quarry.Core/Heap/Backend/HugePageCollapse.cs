namespace Quarry;

/// <summary>Whether the system can replace pages that are in memory by a huge page.</summary>
internal enum HugePageCollapse
{
    /// <summary>
    /// No write has got a huge page yet. Where the administrator has disabled them, the call would still make
    /// one, so it must not be used.
    /// </summary>
    Unknown,

    /// <summary>A write has got a huge page.</summary>
    Allowed,

    /// <summary>The call was refused: Linux has it since 6.1.</summary>
    Unsupported,
}
