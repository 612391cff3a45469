namespace Quarry.Gc;

/// <summary>What a collection does with marks.</summary>
internal enum CollectionKind
{
    /// <summary>Marks young objects only.</summary>
    Young,

    /// <summary>Marks young objects, and starts a <see cref="ConcurrentMark"/>.</summary>
    YoungWithStart,

    /// <summary>Makes all young objects old without finding out which are alive.</summary>
    Promotion,

    /// <summary>Does the same, and starts a <see cref="ConcurrentMark"/>.</summary>
    PromotionWithStart,

    /// <summary>Ends a <see cref="ConcurrentMark"/>, and frees all objects that are not marked.</summary>
    Finishing,

    /// <summary>Clears all marks, and marks all live objects.</summary>
    Full,
}
